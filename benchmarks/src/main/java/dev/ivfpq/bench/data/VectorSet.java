// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.data;

import java.util.Arrays;

/**
 * Vectors in memory.
 *
 * @param rows (n, d), at least one, all of one length; owned by this set
 */
public record VectorSet(float[][] rows) {
  /** Number of vectors. */
  public int size() {
    return rows.length;
  }

  /** Dimensions of each. */
  public int dims() {
    return rows[0].length;
  }

  /** The first {@code n} vectors, or all if there are fewer. */
  public VectorSet first(int n) {
    return new VectorSet(Arrays.copyOf(rows, Math.min(n, rows.length)));
  }

  /**
   * The same directions at length 1.
   *
   * @throws IllegalArgumentException naming the first vector that has no direction
   */
  public VectorSet normalized() {
    float[][] units = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      double squares = 0;
      for (float value : rows[i]) {
        squares += (double) value * value;
      }
      if (squares == 0) {
        throw new IllegalArgumentException(
            "row " + i + " is all zeros and cannot have length 1; remove it or choose euclidean");
      }
      float[] unit = rows[i].clone();
      double scale = 1 / Math.sqrt(squares);
      for (int j = 0; j < unit.length; j++) {
        unit[j] = (float) (unit[j] * scale);
      }
      units[i] = unit;
    }
    return new VectorSet(units);
  }

  /**
   * Checks that these can be searched for among vectors of {@code dims} dimensions.
   *
   * @throws IllegalArgumentException if they have others
   */
  public void checkSearchable(int dims) {
    if (dims() != dims) {
      throw new IllegalArgumentException(
          "queries have "
              + dims()
              + " dims, the base has "
              + dims
              + "; give queries of the same kind");
    }
  }
}
