// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Images of an IDX file, MNIST's layout: a row each, bytes 0 to 255 as floats. */
final class IdxRows {
  /** Two zeros, unsigned bytes, three sizes; then the sizes and the bytes, big-endian. */
  private static final int MAGIC = 0x00000803;

  private IdxRows() {}

  /** All images of {@code file}, unpacked if its name ends in {@code .gz}. */
  static List<float[]> read(Path file) throws IOException {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
        DataInputStream in =
            new DataInputStream(
                file.toString().endsWith(".gz")
                    ? new BufferedInputStream(new GZIPInputStream(raw))
                    : raw)) {
      int magic = in.readInt();
      if (magic != MAGIC) {
        throw new DataException(
            file,
            String.format("starts with %08x, IDX images of bytes with %08x", magic, MAGIC)
                + "; give a file of images");
      }
      int count = in.readInt();
      int height = in.readInt();
      int width = in.readInt();
      if (count < 1 || height < 1 || width < 1 || (long) height * width > 1 << 16) {
        throw new DataException(
            file, count + " images of " + height + " x " + width + " bytes cannot be");
      }
      List<float[]> rows = new ArrayList<>();
      byte[] image = new byte[height * width];
      for (int i = 0; i < count; i++) {
        in.readFully(image);
        float[] row = new float[image.length];
        for (int j = 0; j < row.length; j++) {
          row[j] = image[j] & 0xff;
        }
        rows.add(row);
      }
      return rows;
    } catch (EOFException e) {
      throw new DataException(file, "ends too early; install or download it again");
    }
  }
}
