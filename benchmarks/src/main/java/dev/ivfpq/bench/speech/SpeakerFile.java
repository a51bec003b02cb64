// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speech;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Writes speaker numbers as NumPy writes a vector of {@code <i4}: NPY version 1.0, its header
 * padded to 64 bytes.
 *
 * <p>The numbers go into a file beside the target, which takes its place in {@link #finish}.
 */
final class SpeakerFile implements Closeable {
  private static final int HEADER_BYTES = 128;
  private static final int PREFIX_BYTES = 10;

  private final Path target;
  private final Path part;
  private final OutputStream out;

  private SpeakerFile(Path target, Path part, OutputStream out) {
    this.target = target;
    this.part = part;
    this.out = out;
  }

  /** Starts a file of {@code n} numbers. */
  static SpeakerFile create(Path target, int n) throws IOException {
    String text = "{'descr': '<i4', 'fortran_order': False, 'shape': (" + n + ",), }";
    int length = HEADER_BYTES - PREFIX_BYTES;
    String padded = text + " ".repeat(length - 1 - text.length()) + "\n";
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    header.put((byte) 1).put((byte) 0).putShort((short) length);
    header.put(padded.getBytes(StandardCharsets.US_ASCII));
    Path part = target.resolveSibling(target.getFileName() + ".part");
    OutputStream out = new BufferedOutputStream(Files.newOutputStream(part));
    out.write(header.array());
    return new SpeakerFile(target, part, out);
  }

  /** Writes one number {@code count} times. */
  void write(int speaker, int count) throws IOException {
    byte[] number =
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(speaker).array();
    for (int i = 0; i < count; i++) {
      out.write(number);
    }
  }

  /** Puts the file in its place. */
  void finish() throws IOException {
    out.close();
    Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    out.close();
    Files.deleteIfExists(part);
  }
}
