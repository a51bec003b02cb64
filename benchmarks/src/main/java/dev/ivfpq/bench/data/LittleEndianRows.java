// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Rows of {@code .fvecs} and {@code .fbin} files. */
final class LittleEndianRows {
  private static final int BUFFER_BYTES = 1 << 20;

  /** More than any set in use; a longer row is a misread length. */
  private static final int MAX_DIMS = 1 << 16;

  private LittleEndianRows() {}

  /** Each row: its length as int32, then its floats. */
  static List<float[]> fvecs(Path file) throws IOException {
    try (InputStream in = open(file)) {
      List<float[]> rows = new ArrayList<>();
      for (byte[] head = in.readNBytes(4); head.length > 0; head = in.readNBytes(4)) {
        if (head.length < 4) {
          throw truncated(file, rows.size());
        }
        int dims = dims(file, ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt());
        if (!rows.isEmpty() && dims != rows.getFirst().length) {
          throw new DataException(
              file,
              "row "
                  + rows.size()
                  + " has "
                  + dims
                  + " dims, row 0 has "
                  + rows.getFirst().length
                  + "; download the file again");
        }
        rows.add(row(in, dims, file, rows.size()));
      }
      if (rows.isEmpty()) {
        throw new DataException(file, "empty; download the file again");
      }
      return rows;
    }
  }

  /** Rows and dims as int32, then all floats. */
  static List<float[]> fbin(Path file) throws IOException {
    try (InputStream in = open(file)) {
      byte[] head = in.readNBytes(8);
      if (head.length < 8) {
        throw truncated(file, 0);
      }
      ByteBuffer sizes = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
      int count = sizes.getInt();
      int dims = dims(file, sizes.getInt());
      long bytes = 8 + (long) count * dims * Float.BYTES;
      if (count < 1 || bytes != Files.size(file)) {
        throw new DataException(
            file,
            count
                + " rows of "
                + dims
                + " floats need "
                + bytes
                + " bytes, the file has "
                + Files.size(file)
                + "; download it again");
      }
      List<float[]> rows = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        rows.add(row(in, dims, file, i));
      }
      return rows;
    }
  }

  private static InputStream open(Path file) throws IOException {
    return new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
  }

  private static int dims(Path file, int dims) throws DataException {
    if (dims < 1 || dims > MAX_DIMS) {
      throw new DataException(file, "dims must be in [1, " + MAX_DIMS + "], the file says " + dims);
    }
    return dims;
  }

  private static float[] row(InputStream in, int dims, Path file, int number) throws IOException {
    byte[] bytes = in.readNBytes(dims * Float.BYTES);
    if (bytes.length < dims * Float.BYTES) {
      throw truncated(file, number);
    }
    float[] row = new float[dims];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(row);
    for (int i = 0; i < dims; i++) {
      if (!Float.isFinite(row[i])) {
        throw new DataException(
            file, "row " + number + ", column " + i + ": " + row[i] + "; remove the row");
      }
    }
    return row;
  }

  private static DataException truncated(Path file, int row) {
    return new DataException(file, "ends inside row " + row + "; download it again");
  }
}
