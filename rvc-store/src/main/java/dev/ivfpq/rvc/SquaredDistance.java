// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

/** The distance that is shown and blended: in double precision, so that nothing overflows. */
final class SquaredDistance {
  private SquaredDistance() {}

  /** Squared Euclidean distance of two vectors of the same length. */
  static double between(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      sum += difference * difference;
    }
    return sum;
  }
}
