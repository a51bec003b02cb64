// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

import java.util.Arrays;

/** The middle, and other places, of figures in any order. */
final class Medians {
  private Medians() {}

  /** Nearest rank. {@code values} at least one, not modified. */
  static double of(double[] values) {
    return quantile(values, .5);
  }

  /** The value that this share of all is at most. Nearest rank. */
  static double quantile(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }
}
