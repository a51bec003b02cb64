// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.npy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes {@code .npy} files byte by byte, right and wrong ones. */
public final class NpyBytes {
  private NpyBytes() {}

  /** A file of a version, with any text as its header. */
  static byte[] file(int version, String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer bytes =
        ByteBuffer.allocate(12 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    bytes.put((byte) version).put((byte) 0);
    if (version == 1) {
      bytes.putShort((short) text.length);
    } else {
      bytes.putInt(text.length);
    }
    bytes.put(text).put(data);
    byte[] file = new byte[bytes.position()];
    bytes.flip().get(file);
    return file;
  }

  /** The header that NumPy writes, without its padding. */
  static String header(String descr, boolean fortran, long... shape) {
    StringBuilder tuple = new StringBuilder();
    for (int i = 0; i < shape.length; i++) {
      tuple.append(i == 0 ? "" : ", ").append(shape[i]);
    }
    String comma = shape.length == 1 ? "," : "";
    return "{'descr': '"
        + descr
        + "', 'fortran_order': "
        + (fortran ? "True" : "False")
        + ", 'shape': ("
        + tuple
        + comma
        + "), }";
  }

  /** The numbers of a matrix, in a type and an order. */
  static byte[] data(double[][] rows, NpyType type, boolean fortran) {
    int n = rows.length;
    int d = rows[0].length;
    ByteBuffer bytes = ByteBuffer.allocate(n * d * type.size());
    bytes.order(
        type == NpyType.FLOAT32_BIG_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < n * d; i++) {
      double value = fortran ? rows[i % n][i / n] : rows[i / d][i % d];
      switch (type) {
        case FLOAT16 -> bytes.putShort(Float.floatToFloat16((float) value));
        case FLOAT64 -> bytes.putDouble(value);
        default -> bytes.putFloat((float) value);
      }
    }
    return bytes.array();
  }

  /** Writes a list of numbers as RVC does its pitches. */
  public static Path writeList(Path file, float[] numbers) throws IOException {
    double[][] values = new double[1][numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      values[0][i] = numbers[i];
    }
    String header = header("<f8", false, numbers.length);
    return Files.write(file, file(1, header, data(values, NpyType.FLOAT64, false)));
  }

  /** Writes a matrix as RVC does. */
  public static Path write(Path file, float[][] rows) throws IOException {
    double[][] values = new double[rows.length][rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < rows[i].length; j++) {
        values[i][j] = rows[i][j];
      }
    }
    String header = header("<f4", false, rows.length, rows[0].length);
    return Files.write(file, file(1, header, data(values, NpyType.FLOAT32, false)));
  }
}
