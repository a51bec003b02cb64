// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Little-endian reads at a position that moves on, none beyond the end of the file. */
final class FaissInput implements Closeable {
  private static final int WINDOW = 1 << 16;

  private final Path file;
  private final FileChannel channel;
  private final long size;
  private final ByteBuffer window =
      ByteBuffer.allocate(WINDOW).order(ByteOrder.LITTLE_ENDIAN).limit(0);
  private long windowStart;
  private long position;

  private FaissInput(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    this.size = channel.size();
  }

  static FaissInput open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return new FaissInput(file, channel);
    } catch (Throwable t) {
      channel.close();
      throw t;
    }
  }

  Path file() {
    return file;
  }

  long size() {
    return size;
  }

  long position() {
    return position;
  }

  void seek(long position) {
    this.position = position;
  }

  long remaining() {
    return size - position;
  }

  /**
   * What to throw about the bytes just before the position; says what to do where that is plain.
   */
  FaissException wrong(int bytesBack, String message) {
    String advice = message.contains(";") ? "" : "; damaged, get the file again";
    return FaissException.at(file, position - bytesBack, message + advice);
  }

  int u8() throws IOException {
    return window(1).get() & 0xff;
  }

  int i32() throws IOException {
    return window(Integer.BYTES).getInt();
  }

  long i64() throws IOException {
    return window(Long.BYTES).getLong();
  }

  float f32() throws IOException {
    return window(Float.BYTES).getFloat();
  }

  /** Four characters, those outside ASCII as dots. */
  String fourcc() throws IOException {
    byte[] bytes = new byte[4];
    window(bytes.length).get(bytes);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] < ' ' || bytes[i] > '~' ? (byte) '.' : bytes[i];
    }
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  /**
   * An unsigned count of elements that follow, of so many bytes each.
   *
   * @throws FaissException if the file does not hold them
   */
  long count(String what, long elementBytes) throws IOException {
    long count = i64();
    checkHolds(what, count, elementBytes);
    return count;
  }

  /** Checks that {@code count} elements follow. */
  void checkHolds(String what, long count, long elementBytes) throws IOException {
    // Division, since the product may not fit.
    if (count < 0 || elementBytes > 0 && count > remaining() / elementBytes) {
      throw FaissException.at(
          file,
          position,
          "truncated or damaged: "
              + Long.toUnsignedString(count)
              + " "
              + what
              + " of "
              + elementBytes
              + " bytes should follow, the file has "
              + remaining()
              + " more bytes; get the file again");
    }
  }

  /** A counted array of floats. */
  float[] floats(String what) throws IOException {
    int count = arrayLength(what, count(what, Float.BYTES));
    float[] values = new float[count];
    floats(position, values, count);
    position += (long) count * Float.BYTES;
    return values;
  }

  /** A counted array of longs. */
  long[] longs(String what) throws IOException {
    int count = arrayLength(what, count(what, Long.BYTES));
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = i64();
    }
    return values;
  }

  /** A counted array of ints. */
  int[] ints(String what) throws IOException {
    int count = arrayLength(what, count(what, Integer.BYTES));
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = i32();
    }
    return values;
  }

  private int arrayLength(String what, long count) throws IOException {
    if (count > Integer.MAX_VALUE - 8) {
      throw wrong(Long.BYTES, count + " " + what + " are more than can be read");
    }
    return (int) count;
  }

  /** Passes over bytes that were checked to be there. */
  void skip(long bytes) {
    position += bytes;
  }

  /** Passes over a counted array. */
  void skipArray(String what, long elementBytes) throws IOException {
    skip(count(what, elementBytes) * elementBytes);
  }

  /** Reads floats from anywhere, leaving the position alone. */
  void floats(long from, float[] out, int count) throws IOException {
    ByteBuffer buffer = bytes(from, count * Float.BYTES);
    buffer.asFloatBuffer().get(out, 0, count);
  }

  /** Reads bytes from anywhere, leaving the position alone. */
  ByteBuffer bytes(long from, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    read(buffer, from);
    return buffer.flip();
  }

  private ByteBuffer window(int bytes) throws IOException {
    long offset = position - windowStart;
    if (offset < 0 || offset + bytes > window.limit()) {
      if (remaining() < bytes) {
        throw FaissException.at(
            file,
            position,
            "truncated: "
                + bytes
                + " bytes are needed, the file ends at byte "
                + size
                + "; get the file again");
      }
      window.clear();
      window.limit((int) Math.min(WINDOW, remaining()));
      read(window, position);
      window.flip();
      windowStart = position;
      offset = 0;
    }
    window.position((int) offset);
    position += bytes;
    return window;
  }

  private void read(ByteBuffer buffer, long from) throws IOException {
    long at = from;
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, at);
      if (read < 0) {
        throw FaissException.at(file, at, "the file became shorter while it was read");
      }
      at += read;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
