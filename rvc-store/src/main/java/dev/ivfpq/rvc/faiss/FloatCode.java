// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.nio.ByteBuffer;

/** The vector's floats. */
record FloatCode(int d) implements SeparateCode {
  @Override
  public int bytes() {
    return d * Float.BYTES;
  }

  @Override
  public boolean exact() {
    return true;
  }

  @Override
  public void decode(ByteBuffer codes, int i, float[] out) {
    int at = i * bytes();
    for (int j = 0; j < d; j++) {
      out[j] = codes.getFloat(at + j * Float.BYTES);
    }
  }
}
