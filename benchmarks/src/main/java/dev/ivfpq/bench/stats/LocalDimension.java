// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.stats;

/**
 * The local intrinsic dimension around a vector: with what power of the radius the number of
 * neighbours grows. The higher, the less a search can rule out.
 *
 * <p>The maximum-likelihood (Hill) estimate from the distances T of the k nearest neighbours,
 * {@code 1 / mean(ln(T_k / T_j), j < k)}, averaged over k = {@value #LEAST} to {@value #MOST}:
 * Levina and Bickel, Maximum likelihood estimation of intrinsic dimension, 2004, equations 8 and
 * 10; the same estimator in Amsaleg et al., Estimating local intrinsic dimensionality, 2015.
 */
final class LocalDimension {
  /** The least and the greatest k. */
  static final int LEAST = 10;

  static final int MOST = Neighbours.COUNT;

  private LocalDimension() {}

  /** The estimate; infinite if the first neighbours are equally far, NaN if there are too few. */
  static double of(Neighbours neighbours) {
    if (neighbours.distances().length < MOST) {
      return Double.NaN;
    }
    double logs = 0;
    double sum = 0;
    for (int k = 1; k <= MOST; k++) {
      double log = Math.log(neighbours.distance(k));
      if (k >= LEAST) {
        // sum of ln T_k - ln T_j over the k - 1 nearer ones
        sum += (k - 1) / ((k - 1) * log - logs);
      }
      logs += log;
    }
    return sum / (MOST - LEAST + 1);
  }
}
