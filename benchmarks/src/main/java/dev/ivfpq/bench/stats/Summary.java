// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.stats;

import java.util.Arrays;

/**
 * Many numbers in three.
 *
 * @param median the middle one, or half way between the two middle ones
 * @param mean their mean
 * @param sd their standard deviation, with n - 1
 */
public record Summary(double median, double mean, double sd) {
  /** Of the finite ones of {@code values}; all three are NaN if there are none. */
  static Summary of(double[] values) {
    double[] sorted = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
    int n = sorted.length;
    if (n == 0) {
      return new Summary(Double.NaN, Double.NaN, Double.NaN);
    }
    double mean = Arrays.stream(sorted).sum() / n;
    double squares = Arrays.stream(sorted).map(v -> (v - mean) * (v - mean)).sum();
    return new Summary(
        (sorted[(n - 1) / 2] + sorted[n / 2]) / 2, mean, Math.sqrt(squares / Math.max(1, n - 1)));
  }
}
