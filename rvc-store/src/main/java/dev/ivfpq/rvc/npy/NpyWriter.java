// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.npy;

import dev.ivfpq.rvc.file.PartFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Writes a matrix of floats as RVC and NumPy write it: version 1.0, {@code <f4}, row after row.
 *
 * <p>The rows go into a file beside the target, which takes the target's place in {@link #finish}.
 * Closed without that, nothing is left and a file that was there before is untouched.
 */
public final class NpyWriter implements Closeable {
  private static final int ALIGNMENT = 64;
  private static final int PREFIX = 10;
  private static final int BUFFER_BYTES = 1 << 16;

  private final PartFile file;
  private final int rows;
  private final int dims;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private int written;

  private NpyWriter(PartFile file, int rows, int dims) {
    this.file = file;
    this.rows = rows;
    this.dims = dims;
  }

  /**
   * Starts a file of {@code rows} rows of {@code dims} floats each.
   *
   * @param file the target; its folder must exist
   * @throws NpyException if the target's folder is missing or the target is no regular file
   * @throws IOException if the file cannot be made
   */
  public static NpyWriter create(Path file, int rows, int dims) throws IOException {
    if (rows < 1 || dims < 1) {
      throw new IllegalArgumentException("a matrix of " + rows + " x " + dims + " has no numbers");
    }
    // A link stays a link, and its file is replaced.
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw NpyException.inFile(
          file.toString(), "no regular file; name a new file or one to be replaced");
    }
    if (!Files.isDirectory(target.getParent())) {
      throw NpyException.inFile(
          file.toString(), "its folder does not exist; make " + target.getParent() + " first");
    }
    NpyWriter writer = new NpyWriter(PartFile.create(target), rows, dims);
    writer.putHeader();
    return writer;
  }

  private void putHeader() {
    String text =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rows + ", " + dims + "), }";
    int padding = ALIGNMENT - 1 - (PREFIX + text.length()) % ALIGNMENT;
    byte[] header = (text + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    buffer.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    buffer.put((byte) 1).put((byte) 0).putShort((short) header.length).put(header);
  }

  /**
   * Writes the next rows.
   *
   * @param values (count, dims) row after row, from 0 on; not modified
   * @throws IllegalStateException if these are more rows than announced
   * @throws IOException if writing fails
   */
  public void write(float[] values, int count) throws IOException {
    int floats = Math.multiplyExact(count, dims);
    Objects.checkFromIndexSize(0, floats, values.length);
    if (count > rows - written) {
      throw new IllegalStateException(
          "row " + written + " and " + count + " more, of " + rows + " announced");
    }
    for (int i = 0; i < floats; i++) {
      if (buffer.remaining() < Float.BYTES) {
        drain();
      }
      buffer.putFloat(values[i]);
    }
    written += count;
  }

  private void drain() throws IOException {
    buffer.flip();
    file.write(buffer);
    buffer.clear();
  }

  /**
   * Puts the file in its place.
   *
   * @throws IllegalStateException if rows are missing
   * @throws IOException if writing fails; the target is as before
   */
  public void finish() throws IOException {
    if (written < rows) {
      throw new IllegalStateException(written + " rows written, " + rows + " announced");
    }
    drain();
    file.finish();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
