// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

/**
 * What a query wants to see, however few accepted vectors each list has.
 *
 * @param accepted vectors, at most
 * @param spread how many times as far as the nearest list a list may be that is still looked at
 *     after the first sixth of them; +Infinity looks at all
 */
record Wanted(long accepted, float spread) {

  /** So many times as many, however far. */
  Wanted widened(int times) {
    return new Wanted(times * accepted, Float.POSITIVE_INFINITY);
  }
}
