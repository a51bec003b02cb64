// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A scalar quantizer's codes: 8 bits a dimension between bounds of its own, or half floats (faiss,
 * {@code ScalarQuantizer.h}).
 *
 * @param bounds least value of each dimension, then each dimension's width; empty for half floats
 */
record ScalarCode(int d, float[] bounds) implements SeparateCode {
  private static final int EIGHT_BITS = 0;
  private static final int HALF_FLOATS = 4;

  static ScalarCode read(FaissInput in, int d) throws IOException {
    int type = in.i32();
    if (type != EIGHT_BITS && type != HALF_FLOATS) {
      throw in.wrong(
          Integer.BYTES,
          "a scalar quantizer of type "
              + type
              + "; read are 8 bits (0) and half floats (4), write the index as IVF,Flat");
    }
    in.i32();
    in.f32();
    long dims = in.i64();
    if (dims != d) {
      throw in.wrong(Long.BYTES, "a quantizer of " + dims + " dims in an index of " + d);
    }
    in.i64();
    float[] bounds = in.floats("bounds");
    int expected = type == EIGHT_BITS ? 2 * d : 0;
    if (bounds.length != expected) {
      throw in.wrong(0, bounds.length + " floats of bounds, should be " + expected);
    }
    return new ScalarCode(d, bounds);
  }

  @Override
  public int bytes() {
    return bounds.length == 0 ? 2 * d : d;
  }

  @Override
  public boolean exact() {
    return false;
  }

  @Override
  public void decode(ByteBuffer codes, int i, float[] out) {
    int at = i * bytes();
    for (int j = 0; j < d; j++) {
      out[j] =
          bounds.length == 0
              ? Float.float16ToFloat(codes.getShort(at + 2 * j))
              : bounds[j] + bounds[d + j] * (((codes.get(at + j) & 0xff) + 0.5f) / 255);
    }
  }
}
