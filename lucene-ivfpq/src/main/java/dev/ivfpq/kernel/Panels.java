// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel;

/**
 * Rows of a matrix packed for products: groups of {@code width} rows, each group stored column by
 * column, the last group padded with zero rows.
 *
 * <pre>values[(j / width) * cols * width + k * width + j % width] = rows[j * cols + k]</pre>
 *
 * @param values the packed values
 * @param count number of rows
 * @param cols number of columns
 * @param width rows in a group
 */
public record Panels(float[] values, int count, int cols, int width) {
  /** Rows in a group of a matrix that lies in a file: a multiple of every vector's length. */
  public static final int STORED_WIDTH = 16;

  /** Floats of a stored matrix, the padding rows included. */
  public static long storedFloats(int count, int cols) {
    return (long) (count + STORED_WIDTH - 1) / STORED_WIDTH * STORED_WIDTH * cols;
  }

  /** Packs {@code count} rows of a row-major matrix into groups of {@code width}. */
  public static Panels of(float[] rows, int count, int cols, int width) {
    int groups = (count + width - 1) / width;
    float[] values = new float[Math.multiplyExact(groups * width, cols)];
    for (int j = 0; j < count; j++) {
      int at = (j / width) * cols * width + j % width;
      for (int k = 0; k < cols; k++) {
        values[at + k * width] = rows[j * cols + k];
      }
    }
    return new Panels(values, count, cols, width);
  }

  /** The matrix row by row (count, cols): the inverse of {@link #of}. */
  public float[] rows() {
    float[] rows = new float[Math.multiplyExact(count, cols)];
    for (int j = 0; j < count; j++) {
      int at = (j / width) * cols * width + j % width;
      for (int k = 0; k < cols; k++) {
        rows[j * cols + k] = values[at + k * width];
      }
    }
    return rows;
  }
}
