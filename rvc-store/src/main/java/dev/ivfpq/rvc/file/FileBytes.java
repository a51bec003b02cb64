// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file, of the size that it had when it was opened. */
record FileBytes(Path file, FileChannel channel, long size) implements ByteSource {
  static FileBytes open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return new FileBytes(file, channel, channel.size());
    } catch (Throwable t) {
      channel.close();
      throw t;
    }
  }

  @Override
  public String name() {
    return file.toString();
  }

  @Override
  public void read(ByteBuffer out, long from) throws IOException {
    long at = from;
    while (out.hasRemaining()) {
      int read = channel.read(out, at);
      if (read < 0) {
        throw new EOFException(file + ": the file became shorter while it was read");
      }
      at += read;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
