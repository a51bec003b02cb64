// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.train;

import java.util.SplittableRandom;

/** Draws ordinals evenly over a field: one at random from each of equally long stretches. */
final class SampleOrdinals {
  private SampleOrdinals() {}

  /**
   * @param size how many to draw; all if there are no more than that
   * @return distinct ordinals in [0, n), ascending
   */
  static int[] draw(int n, int size, SplittableRandom random) {
    int[] ordinals = new int[Math.min(n, size)];
    for (int i = 0; i < ordinals.length; i++) {
      int from = (int) ((long) i * n / ordinals.length);
      int to = (int) ((long) (i + 1) * n / ordinals.length);
      ordinals[i] = from + random.nextInt(to - from);
    }
    return ordinals;
  }
}
