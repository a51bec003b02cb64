// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.quant;

import dev.ivfpq.kernel.MatrixKernel;

/**
 * A look-up table in 6 bits: {@code lut[m][c]} is about {@code rowMinimum_m + scale * table[m][c]}.
 *
 * <p>An entry is at most {@value #MAX_ENTRY}, so that four of them can be added as bytes, and no
 * sum over all sub-quantizers exceeds {@link Short#MAX_VALUE}.
 *
 * @param table (M, 16)
 * @param scale distance of one table unit
 * @param bias sum of the rows' minima
 */
public record QuantizedLut(byte[] table, float scale, float bias) {
  private static final int MAX_ENTRY = 63;

  /**
   * Quantizes a float table.
   *
   * @param lut (M, 16)
   */
  public static QuantizedLut of(MatrixKernel kernel, float[] lut, int M) {
    float[] least = new float[M];
    float[] greatest = new float[M];
    kernel.ranges(lut, M, least, greatest);
    float widest = 0;
    double spans = 0;
    double bias = 0;
    for (int m = 0; m < M; m++) {
      float span = greatest[m] - least[m];
      bias += least[m];
      widest = Math.max(widest, span);
      spans += span;
    }
    // Rounding may add half a unit per sub-quantizer, which the bound on sums leaves room for.
    double units =
        widest == 0 ? 1 : Math.min(MAX_ENTRY / (double) widest, (Short.MAX_VALUE - M) / spans);
    byte[] table = new byte[M * 16];
    kernel.quantize(lut, M, least, (float) units, table);
    return new QuantizedLut(table, (float) (1 / units), (float) bias);
  }
}
