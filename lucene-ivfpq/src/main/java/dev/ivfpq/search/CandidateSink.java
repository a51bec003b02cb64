// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

/** Takes what a list's scan finds. */
interface CandidateSink {
  /** Only vectors whose estimated distance is below this are offered. */
  float threshold();

  /**
   * Offers one vector; the same one at most once a walk.
   *
   * @param slot where it lies, counted from the field's first block; unsigned
   */
  void accept(int slot, float distance);
}
