// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.kernel.Survivors;

/** Takes what a list's scan finds. */
interface CandidateSink {
  /** Only vectors whose estimated distance is below this are worth offering. */
  float threshold();

  /**
   * Offers the survivors of a scan, the same vector at most once a walk.
   *
   * @param firstSlot where position 0 lies, counted from the field's first block; unsigned
   */
  void accept(int firstSlot, Survivors survivors);
}
