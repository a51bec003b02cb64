// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Bytes that can be read at any place: those of a file, or of one in an archive. */
public interface ByteSource extends Closeable {
  /** Where they are, for messages. */
  String name();

  /** Number of bytes. */
  long size();

  /**
   * Fills a buffer.
   *
   * @param out takes the bytes from its position to its limit
   * @param from where they start; all of them are before {@link #size()}
   * @throws IOException if reading fails, or there are fewer bytes by now
   */
  void read(ByteBuffer out, long from) throws IOException;

  /**
   * Opens a file.
   *
   * @throws IOException if it cannot be read
   */
  static ByteSource open(Path file) throws IOException {
    return FileBytes.open(file);
  }
}
