// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.file;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * An archived file, read at any place as it streams by: what went before by less than the window is
 * still there, for anything earlier the stream is started anew.
 */
final class EntryBytes implements ByteSource {
  /** A list of 5,000 vectors of 768 dims fits. */
  static final int WINDOW = 1 << 24;

  /** Indexes are read forwards, once to be checked and once to be added. */
  static final int MAX_STARTS = 64;

  private static final int STEP = 1 << 16;

  private final String name;
  private final long size;
  private final Streams streams;

  /** Byte number b of the file is at b modulo the length, if it is one of the last ones read. */
  private final byte[] window;

  private InputStream stream = InputStream.nullInputStream();
  private int starts;
  private long end;

  /** Starts streams of the same bytes. */
  @FunctionalInterface
  interface Streams {
    InputStream start() throws IOException;
  }

  EntryBytes(String name, long size, Streams streams) throws IOException {
    this.name = name;
    this.size = size;
    this.streams = streams;
    this.window = new byte[(int) Math.min(WINDOW, size)];
    start();
  }

  private void start() throws IOException {
    if (++starts > MAX_STARTS) {
      throw new ArchiveException(
          name + ": has to be read here and there, which takes too long; unpack and import it");
    }
    stream.close();
    stream = streams.start();
    end = 0;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(ByteBuffer out, long from) throws IOException {
    long at = from;
    while (out.hasRemaining()) {
      if (at < end - window.length) {
        start();
      }
      while (end <= at) {
        fill();
      }
      int offset = (int) (at % window.length);
      int count =
          (int) Math.min(Math.min(out.remaining(), end - at), (long) window.length - offset);
      out.put(window, offset, count);
      at += count;
    }
  }

  private void fill() throws IOException {
    int offset = (int) (end % window.length);
    int read = stream.read(window, offset, Math.min(STEP, window.length - offset));
    if (read <= 0) {
      throw new EOFException(name + ": became shorter while it was read");
    }
    end += read;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
