// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.quant;

/**
 * M codebooks of 16 codewords (Jégou et al., "Product Quantization for Nearest Neighbor Search",
 * PAMI 2011).
 *
 * @param codebooks (M, dsub, 16): for each sub-space and each of its dimensions, the 16 codewords'
 *     values side by side
 * @param M number of sub-quantizers
 * @param dsub dimensions of a sub-space
 */
public record ProductQuantizer(float[] codebooks, int M, int dsub) {
  /** Codewords in a codebook, 2^nbits. */
  public static final int KSUB = 16;

  /** Width of the vectors it encodes. */
  public int d() {
    return M * dsub;
  }

  /**
   * Decodes one vector.
   *
   * @param codes one code a byte, from {@code codesOffset} on (M)
   * @param vector out (d)
   */
  public void decode(byte[] codes, int codesOffset, float[] vector) {
    for (int m = 0; m < M; m++) {
      int code = codes[codesOffset + m];
      for (int j = 0; j < dsub; j++) {
        vector[m * dsub + j] = codebooks[(m * dsub + j) * KSUB + code];
      }
    }
  }
}
