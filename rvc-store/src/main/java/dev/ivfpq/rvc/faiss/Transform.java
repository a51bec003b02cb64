// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.util.Arrays;

/**
 * What an index does to a vector before it keeps it, undone.
 *
 * @param dIn width before
 * @param dOut width after
 * @param exact whether undoing gives the vector back, but for rounding
 * @param inverse of the transform
 */
record Transform(int dIn, int dOut, boolean exact, Inverse inverse) {
  /** Rows of a rotation have cosines of some 1e-6 in single precision. */
  private static final double ORTHOGONAL = 1e-3;

  /** Undoes a transform. */
  @FunctionalInterface
  interface Inverse {
    /**
     * Undoes it for one vector.
     *
     * @param y (dOut)
     * @param x out (dIn)
     */
    void apply(float[] y, float[] x);
  }

  /**
   * {@code y = A x + b}, undone by {@code x_j = sum_i A_ij (y_i - b_i) / |A_i|²}: what lies outside
   * the rows of A is lost.
   *
   * @param A (dOut, dIn)
   * @param b (dOut), or empty
   * @return null if A's rows are not orthogonal
   */
  static Transform linear(int dIn, int dOut, float[] A, float[] b) {
    double[] norms = new double[dOut];
    for (int i = 0; i < dOut; i++) {
      norms[i] = product(A, i, i, dIn);
      for (int j = 0; j < i; j++) {
        double cosine = product(A, i, j, dIn) / Math.sqrt(norms[i] * norms[j]);
        if (!(Math.abs(cosine) < ORTHOGONAL)) {
          return null;
        }
      }
    }
    Inverse inverse =
        (y, x) -> {
          double[] sums = new double[dIn];
          for (int i = 0; i < dOut; i++) {
            double factor = (b.length == 0 ? y[i] : (double) y[i] - b[i]) / norms[i];
            for (int j = 0; j < dIn; j++) {
              sums[j] += A[i * dIn + j] * factor;
            }
          }
          for (int j = 0; j < dIn; j++) {
            x[j] = (float) sums[j];
          }
        };
    return new Transform(dIn, dOut, false, inverse);
  }

  private static double product(float[] A, int i, int j, int cols) {
    double sum = 0;
    for (int k = 0; k < cols; k++) {
      sum += (double) A[i * cols + k] * A[j * cols + k];
    }
    return sum;
  }

  /** Output j is input map[j], or 0 where that is -1. */
  static Transform remapped(int dIn, int[] map) {
    boolean[] kept = new boolean[dIn];
    int count = 0;
    for (int from : map) {
      if (from >= 0 && !kept[from]) {
        kept[from] = true;
        count++;
      }
    }
    Inverse inverse =
        (y, x) -> {
          Arrays.fill(x, 0);
          for (int j = 0; j < map.length; j++) {
            if (map[j] >= 0) {
              x[map[j]] = y[j];
            }
          }
        };
    return new Transform(dIn, map.length, count == dIn, inverse);
  }

  /** Scaled to unit length, which cannot be undone. */
  static Transform normalized(int d) {
    return new Transform(d, d, false, (y, x) -> System.arraycopy(y, 0, x, 0, d));
  }
}
