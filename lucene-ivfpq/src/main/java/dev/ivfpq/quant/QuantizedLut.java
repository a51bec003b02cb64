// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.quant;

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
  public static QuantizedLut of(float[] lut, int M) {
    float[] minima = new float[M];
    float widest = 0;
    double spans = 0;
    double bias = 0;
    for (int m = 0; m < M; m++) {
      float least = lut[m * 16];
      float most = least;
      for (int c = 1; c < 16; c++) {
        least = Math.min(least, lut[m * 16 + c]);
        most = Math.max(most, lut[m * 16 + c]);
      }
      minima[m] = least;
      bias += least;
      widest = Math.max(widest, most - least);
      spans += most - least;
    }
    // Rounding may add half a unit per sub-quantizer, which the bound on sums leaves room for.
    double unitsPerDistance =
        widest == 0 ? 1 : Math.min(MAX_ENTRY / (double) widest, (Short.MAX_VALUE - M) / spans);
    byte[] table = new byte[M * 16];
    for (int m = 0; m < M; m++) {
      for (int c = 0; c < 16; c++) {
        table[m * 16 + c] = (byte) ((lut[m * 16 + c] - minima[m]) * unitsPerDistance + 0.5);
      }
    }
    return new QuantizedLut(table, (float) (1 / unitsPerDistance), (float) bias);
  }
}
