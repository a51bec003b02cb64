// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel;

import java.io.IOException;
import org.apache.lucene.store.IndexInput;

/**
 * The dense float arithmetic of rotation, training, encoding and query preparation. All matrices
 * are row-major.
 *
 * <p>Results may differ between kernels in the last bits (order of summation, fused multiply-add).
 * For one kernel each output is a function of its own row and column alone: it does not depend on
 * how many rows are passed in one call or where a row stands, so that work may be cut into any
 * batches without changing a result.
 */
public interface MatrixKernel {

  /**
   * Packs {@code count} rows for {@link #multiply(float[], int, int, Panels, float[], int)} and
   * {@link #nearest}.
   *
   * @param rows (count, cols), copied
   */
  Panels pack(float[] rows, int count, int cols);

  /**
   * {@code out[i * panels.count() + j] = <x_i, row_j>}.
   *
   * @param x (n, cols) from {@code xOffset} on
   * @param out (n, count) from {@code outOffset} on
   */
  void multiply(float[] x, int xOffset, int n, Panels panels, float[] out, int outOffset);

  /**
   * For each x_i the row j with the least {@code biases[j] - 2 <x_i, row_j>}; the lowest j among
   * equals. With the rows' squared norms as biases that is the nearest row, its value the squared
   * distance less |x_i|².
   *
   * @param x (n, cols) from {@code xOffset} on
   * @param biases (count)
   * @param nearest out (n) from {@code outOffset} on: j
   * @param values out (n) from {@code outOffset} on: the least value
   */
  void nearest(
      float[] x,
      int xOffset,
      int n,
      Panels panels,
      float[] biases,
      int[] nearest,
      float[] values,
      int outOffset);

  /**
   * {@code out[i * rows + j] = <x_i, row_j>} for a matrix that stays in its file.
   *
   * @param panels the values of {@link Panels} of width {@link Panels#STORED_WIDTH}, little-endian,
   *     from position 0 on; used by this call alone
   * @param x (n, cols)
   * @param out (n, rows)
   * @throws org.apache.lucene.store.AlreadyClosedException if the file was closed meanwhile
   */
  void multiply(IndexInput panels, int rows, int cols, float[] x, int n, float[] out)
      throws IOException;

  /**
   * {@code out[i] = <row_chosen[i], x>} for some rows of a matrix that stays in its file row by
   * row.
   *
   * @param matrix little-endian floats (rows, cols), row 0 at position 0; used by this call alone
   * @param chosen numbers of rows
   * @param x (cols)
   * @param out (chosen.length)
   */
  void multiply(IndexInput matrix, int[] chosen, int cols, float[] x, float[] out)
      throws IOException;

  /**
   * Encodes vectors: code m is the codeword of sub-space m with the least squared distance, the
   * lowest one among equals.
   *
   * @param x (n, M * dsub) from {@code xOffset} on
   * @param codebooks (M, dsub, 16): for each sub-space and each of its dimensions, the 16
   *     codewords' values side by side
   * @param codes out (n, M), one code a byte, 0..15
   */
  void encode(float[] x, int xOffset, int n, float[] codebooks, int M, int dsub, byte[] codes);

  /**
   * A query's look-up table: {@code lut[m * 16 + c] = factor * <y_m, codeword c of sub-space m>}.
   *
   * @param codebooks (M, dsub, 16)
   * @param y (M * dsub)
   * @param lut out (M, 16)
   */
  void lut(float[] codebooks, int M, int dsub, float[] y, float factor, float[] lut);

  /**
   * The least and the greatest entry of each row of a table.
   *
   * @param lut (M, 16)
   * @param least out (M)
   * @param greatest out (M)
   */
  void ranges(float[] lut, int M, float[] least, float[] greatest);

  /**
   * A table in small integers: {@code table[m * 16 + c] = (lut[m * 16 + c] - least[m]) * units +
   * 0.5}, cut off.
   *
   * @param lut (M, 16)
   * @param least of each row (M)
   * @param units table units in a distance of 1
   * @param table out (M, 16)
   */
  void quantize(float[] lut, int M, float[] least, float units, byte[] table);
}
