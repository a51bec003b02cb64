// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import dev.ivfpq.rvc.file.ByteSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Little-endian reads at a position that moves on, none beyond the end of the file. */
final class FaissInput implements Closeable {
  private static final int WINDOW = 1 << 16;

  private final ByteSource source;
  private final ByteBuffer window =
      ByteBuffer.allocate(WINDOW).order(ByteOrder.LITTLE_ENDIAN).limit(0);
  private long windowStart;
  private long position;

  FaissInput(ByteSource source) {
    this.source = source;
  }

  String name() {
    return source.name();
  }

  long size() {
    return source.size();
  }

  long position() {
    return position;
  }

  void seek(long position) {
    this.position = position;
  }

  long remaining() {
    return size() - position;
  }

  /**
   * What to throw about the bytes just before the position; says what to do where that is plain.
   */
  FaissException wrong(int bytesBack, String message) {
    String advice = message.contains(";") ? "" : "; damaged, get the file again";
    return FaissException.at(name(), position - bytesBack, message + advice);
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
          name(),
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
    source.read(buffer, from);
    return buffer.flip();
  }

  private ByteBuffer window(int bytes) throws IOException {
    long offset = position - windowStart;
    if (offset < 0 || offset + bytes > window.limit()) {
      if (remaining() < bytes) {
        throw FaissException.at(
            name(),
            position,
            "truncated: "
                + bytes
                + " bytes are needed, the file ends at byte "
                + size()
                + "; get the file again");
      }
      window.clear();
      window.limit((int) Math.min(WINDOW, remaining()));
      source.read(window, position);
      window.flip();
      windowStart = position;
      offset = 0;
    }
    window.position((int) offset);
    position += bytes;
    return window;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
