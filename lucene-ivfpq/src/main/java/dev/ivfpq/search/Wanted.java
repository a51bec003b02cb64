// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

/**
 * What a query wants to see, however few accepted vectors each list has.
 *
 * @param accepted vectors, at most
 * @param reach {@link dev.ivfpq.spec.Effort#reach}, after the first sixth of them; +Infinity looks
 *     at all lists
 */
record Wanted(long accepted, float reach) {

  /** As many, however far. */
  Wanted everywhere() {
    return new Wanted(accepted, Float.POSITIVE_INFINITY);
  }

  /** So many times as many, however far. */
  Wanted widened(int times) {
    return new Wanted(times * accepted, Float.POSITIVE_INFINITY);
  }
}
