// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

/** The distance that is shown and blended: in double precision, so that nothing overflows. */
final class SquaredDistance {
  private SquaredDistance() {}

  /**
   * Squared Euclidean distance of two vectors of the same length. Four quarters go side by side: an
   * addition waits for the one before it, and what is added is computed for several dimensions at
   * once.
   */
  static double between(float[] a, float[] b) {
    int quarter = a.length / 4;
    int second = quarter;
    int third = 2 * quarter;
    int fourth = 3 * quarter;
    double sum = 0;
    for (int i = 0; i < quarter; i++) {
      double d0 = (double) a[i] - b[i];
      double d1 = (double) a[i + second] - b[i + second];
      double d2 = (double) a[i + third] - b[i + third];
      double d3 = (double) a[i + fourth] - b[i + fourth];
      sum += d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3;
    }
    for (int i = 4 * quarter; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      sum += difference * difference;
    }
    return sum;
  }
}
