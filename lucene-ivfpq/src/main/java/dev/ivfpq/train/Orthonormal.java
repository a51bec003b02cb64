// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.train;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.lucene.util.VectorUtil;

/**
 * Makes rows orthonormal by modified Gram-Schmidt, each row cleaned twice against those before it.
 */
final class Orthonormal {
  /** A row that loses more than this share of its length was dependent on the rows before it. */
  private static final double DEPENDENT = 1e-4;

  private Orthonormal() {}

  /**
   * Replaces the rows by an orthonormal basis of their span; a dependent row by a random direction.
   *
   * @param rows (count, d), count at most d
   */
  static void rows(float[] rows, int count, int d, SplittableRandom random) {
    float[][] basis = new float[count][];
    for (int i = 0; i < count; i++) {
      float[] row = Arrays.copyOfRange(rows, i * d, (i + 1) * d);
      while (!clean(row, basis, i)) {
        for (int j = 0; j < d; j++) {
          row[j] = (float) random.nextGaussian();
        }
      }
      basis[i] = row;
      System.arraycopy(row, 0, rows, i * d, d);
    }
  }

  private static boolean clean(float[] row, float[][] basis, int count) {
    double before = Math.sqrt(VectorUtil.dotProduct(row, row));
    if (!(before > 0) || before == Double.POSITIVE_INFINITY) {
      return false;
    }
    scale(row, 1 / before);
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < count; i++) {
        float product = VectorUtil.dotProduct(row, basis[i]);
        for (int j = 0; j < row.length; j++) {
          row[j] -= product * basis[i][j];
        }
      }
    }
    double left = Math.sqrt(VectorUtil.dotProduct(row, row));
    if (left < DEPENDENT) {
      return false;
    }
    scale(row, 1 / left);
    return true;
  }

  private static void scale(float[] row, double factor) {
    for (int j = 0; j < row.length; j++) {
      row[j] = (float) (row[j] * factor);
    }
  }
}
