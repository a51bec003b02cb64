// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A product quantizer's codes as a little-endian string of bits, sub-code 0 in the lowest ones
 * (faiss, {@code ProductQuantizer.h}).
 *
 * @param centroids (M, 2^nbits, d / M)
 */
record ProductCode(int d, int M, int nbits, float[] centroids) implements SeparateCode {
  private static final int MAX_BITS = 16;

  static ProductCode read(FaissInput in, int d) throws IOException {
    long dims = in.i64();
    if (dims != d) {
      throw in.wrong(Long.BYTES, "a quantizer of " + dims + " dims in an index of " + d);
    }
    long M = in.i64();
    if (M < 1 || d % M != 0) {
      throw in.wrong(Long.BYTES, "M=" + M + " does not divide " + d + " dims; get the file again");
    }
    long nbits = in.i64();
    if (nbits < 1 || nbits > MAX_BITS) {
      throw in.wrong(Long.BYTES, "codes of " + nbits + " bits, at most " + MAX_BITS + " are read");
    }
    float[] centroids = in.floats("codewords");
    if (centroids.length != (long) d << nbits) {
      throw in.wrong(
          0, centroids.length + " floats of codewords, should be " + ((long) d << nbits));
    }
    return new ProductCode(d, (int) M, (int) nbits, centroids);
  }

  @Override
  public int bytes() {
    return (M * nbits + 7) / 8;
  }

  @Override
  public boolean exact() {
    return false;
  }

  @Override
  public void decode(ByteBuffer codes, int i, float[] out) {
    int at = i * bytes();
    for (int m = 0; m < M; m++) {
      int code = 0;
      for (int bit = 0; bit < nbits; bit++) {
        int index = m * nbits + bit;
        code |= (codes.get(at + index / 8) >> index % 8 & 1) << bit;
      }
      put(m, code, out);
    }
  }

  /** Writes codeword {@code code} of sub-quantizer m to its place in {@code out}. */
  void put(int m, int code, float[] out) {
    int dsub = d / M;
    System.arraycopy(centroids, ((m << nbits) + code) * dsub, out, m * dsub, dsub);
  }
}
