// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.npy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** A type of number that is read, by NumPy's name ({@code descr}). */
public enum NpyType {
  /** IEEE half precision, little-endian. */
  FLOAT16("<f2", 2, ByteOrder.LITTLE_ENDIAN) {
    @Override
    float get(ByteBuffer bytes, int index) {
      return Float.float16ToFloat(bytes.getShort(index));
    }
  },
  /** Single precision, little-endian. */
  FLOAT32("<f4", 4, ByteOrder.LITTLE_ENDIAN) {
    @Override
    float get(ByteBuffer bytes, int index) {
      return bytes.getFloat(index);
    }
  },
  /** Double precision, little-endian; rounded to single precision when read. */
  FLOAT64("<f8", 8, ByteOrder.LITTLE_ENDIAN) {
    @Override
    float get(ByteBuffer bytes, int index) {
      return (float) bytes.getDouble(index);
    }
  },
  /** Single precision, big-endian. */
  FLOAT32_BIG_ENDIAN(">f4", 4, ByteOrder.BIG_ENDIAN) {
    @Override
    float get(ByteBuffer bytes, int index) {
      return bytes.getFloat(index);
    }
  };

  private final String descr;
  private final int size;
  private final ByteOrder order;

  NpyType(String descr, int size, ByteOrder order) {
    this.descr = descr;
    this.size = size;
    this.order = order;
  }

  /** NumPy's name of the type, for example {@code <f4}. */
  public String descr() {
    return descr;
  }

  /** Bytes of one number. */
  public int size() {
    return size;
  }

  /** The type that NumPy calls {@code descr}, if it is one that is read. */
  static Optional<NpyType> named(String descr) {
    return Arrays.stream(values()).filter(type -> type.descr.equals(descr)).findFirst();
  }

  /** All names, for a message. */
  static String names() {
    return Arrays.stream(values()).map(NpyType::descr).collect(Collectors.joining(", "));
  }

  /**
   * Widens or rounds {@code count} numbers to floats.
   *
   * @param bytes the numbers from position 0 on; its byte order is set
   * @param out takes number i at {@code from + i * stride}
   */
  final void decode(ByteBuffer bytes, int count, float[] out, int from, int stride) {
    bytes.order(order);
    for (int i = 0, to = from; i < count; i++, to += stride) {
      out[to] = get(bytes, i * size);
    }
  }

  /** The number that starts at byte {@code index}. */
  abstract float get(ByteBuffer bytes, int index);
}
