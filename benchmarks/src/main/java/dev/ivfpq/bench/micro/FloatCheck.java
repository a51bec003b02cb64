// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

/** Compares floats with what plain loops in doubles give. */
final class FloatCheck {
  /** Relative. */
  private static final double TOLERANCE = 1e-4;

  private FloatCheck() {}

  /**
   * Compares one result.
   *
   * @throws IllegalStateException if it is not within 1e-4 of the expected one, or not a number
   */
  static void close(String what, int index, double expected, double actual) {
    if (!(Math.abs(actual - expected) <= TOLERANCE * Math.abs(expected))) {
      throw new IllegalStateException(
          "%s %d is %s, must be %s within %s of it"
              .formatted(what, index, actual, expected, TOLERANCE));
    }
  }

  /** Product of two runs of {@code n} floats. */
  static double dot(float[] a, int aOffset, float[] b, int bOffset, int n) {
    double sum = 0;
    for (int k = 0; k < n; k++) {
      sum += (double) a[aOffset + k] * b[bOffset + k];
    }
    return sum;
  }

  /** Squared distance of two runs of {@code n} floats. */
  static double squaredDistance(float[] a, int aOffset, float[] b, int bOffset, int n) {
    double sum = 0;
    for (int k = 0; k < n; k++) {
      double difference = (double) a[aOffset + k] - b[bOffset + k];
      sum += difference * difference;
    }
    return sum;
  }
}
