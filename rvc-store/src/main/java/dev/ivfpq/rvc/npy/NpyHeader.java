// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.npy;

import dev.ivfpq.rvc.file.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What the head of a {@code .npy} file says, checked against the file's length, so that nobody who
 * allocates by it need doubt it.
 *
 * @param type the numbers' type
 * @param fortranOrder whether columns, not rows, lie together
 * @param rows number of rows, at least 1
 * @param dims number of columns, at least 1
 * @param dataOffset where in the file the numbers start
 */
public record NpyHeader(NpyType type, boolean fortranOrder, int rows, int dims, long dataOffset) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** Magic and version. */
  private static final int PREFIX = MAGIC.length + 2;

  /**
   * Borrowed from NumPy's version 1, whose length field ends there; real headers have 118 bytes.
   */
  private static final int MAX_TEXT = 1 << 16;

  /**
   * Reads the head of an open file.
   *
   * @param wanted shape of the file; a list is a matrix of one column
   * @throws NpyException if the file is no such numbers, or shorter or longer than it says
   * @throws IOException if reading fails
   */
  static NpyHeader read(ByteSource source, NpyShape wanted) throws IOException {
    String file = source.name();
    long size = source.size();
    byte[] prefix = bytes(source, 0, (int) Math.min(PREFIX, size));
    checkMagic(prefix, file);
    int major = prefix[MAGIC.length];
    int minor = prefix[MAGIC.length + 1];
    if (major < 1 || major > 3 || minor != 0) {
      throw NpyException.atOffset(
          file,
          MAGIC.length,
          "version " + (major & 0xff) + "." + (minor & 0xff) + ", known are 1.0, 2.0 and 3.0");
    }
    int lengthBytes = major == 1 ? 2 : 4;
    int textOffset = PREFIX + lengthBytes;
    if (size < textOffset) {
      throw truncated(file, size, "the header's length needs " + textOffset + " bytes");
    }
    ByteBuffer length =
        ByteBuffer.wrap(bytes(source, PREFIX, lengthBytes)).order(ByteOrder.LITTLE_ENDIAN);
    long textLength =
        major == 1
            ? Short.toUnsignedLong(length.getShort())
            : Integer.toUnsignedLong(length.getInt());
    if (textLength > MAX_TEXT) {
      throw NpyException.atOffset(
          file,
          PREFIX,
          "a header of "
              + textLength
              + " bytes, at most "
              + MAX_TEXT
              + " are read; "
              + wanted.advice());
    }
    long dataOffset = textOffset + textLength;
    if (size < dataOffset) {
      throw truncated(file, size, "its header ends at byte " + dataOffset);
    }
    // Version 3 says UTF-8, but all that the grammar admits is ASCII.
    String text =
        new String(bytes(source, textOffset, (int) textLength), StandardCharsets.ISO_8859_1);
    return of(NpyDictionary.parse(text, file, textOffset), wanted, file, dataOffset, size);
  }

  private static NpyHeader of(
      NpyDictionary dictionary, NpyShape wanted, String file, long dataOffset, long size)
      throws NpyException {
    String descr = dictionary.descr();
    if (descr.contains("O")) {
      throw NpyException.inFile(
          file,
          "an array of Python objects ("
              + descr
              + "), which only unpickling could read;"
              + " save it as a matrix of numbers: numpy.save(file, array.astype(\"float32\"))");
    }
    NpyType type =
        NpyType.named(descr)
            .orElseThrow(
                () ->
                    NpyException.inFile(
                        file,
                        "numbers of type "
                            + descr
                            + ", read are "
                            + NpyType.names()
                            + "; convert it with array.astype(\"float32\")"));
    List<Long> shape = dictionary.shape();
    if (shape.size() != wanted.axes()) {
      throw NpyException.inFile(
          file, "shape " + tuple(shape) + " is no " + wanted.noun() + "; " + wanted.advice());
    }
    long rows = shape.getFirst();
    long dims = wanted == NpyShape.LIST ? 1 : shape.get(1);
    if (rows == 0 || dims == 0) {
      throw NpyException.inFile(
          file, "shape " + tuple(shape) + " holds no numbers; remove the file or extract it again");
    }
    long available = size - dataOffset;
    // Division, since the product may not fit.
    if (rows > Integer.MAX_VALUE
        || dims > Integer.MAX_VALUE
        || rows > available / type.size() / dims) {
      throw truncated(
          file,
          size,
          "shape "
              + tuple(shape)
              + " of "
              + descr
              + " needs more than the "
              + available
              + " bytes after the header");
    }
    long needed = rows * dims * type.size();
    if (needed < available) {
      throw NpyException.atOffset(
          file,
          dataOffset + needed,
          (available - needed)
              + " bytes more than shape "
              + tuple(shape)
              + " of "
              + descr
              + " has; the header or the data is damaged, extract the file again");
    }
    return new NpyHeader(type, dictionary.fortranOrder(), (int) rows, (int) dims, dataOffset);
  }

  private static String tuple(List<Long> shape) {
    StringBuilder tuple = new StringBuilder("(");
    for (int i = 0; i < shape.size(); i++) {
      tuple.append(i == 0 ? "" : ", ").append(shape.get(i));
    }
    return tuple.append(shape.size() == 1 ? ",)" : ")").toString();
  }

  private static void checkMagic(byte[] prefix, String file) throws NpyException {
    for (int i = 0; i < MAGIC.length; i++) {
      if (i >= prefix.length || prefix[i] != MAGIC[i]) {
        if (i == prefix.length) {
          throw truncated(file, i, "not even .npy's first " + PREFIX + " bytes are there");
        }
        throw NpyException.atOffset(file, 0, "not a .npy file" + guess(prefix));
      }
    }
    if (prefix.length < PREFIX) {
      throw truncated(file, prefix.length, "not even .npy's first " + PREFIX + " bytes are there");
    }
  }

  /** What people mistake for a clip, by its first bytes. */
  private static String guess(byte[] prefix) {
    String start = new String(prefix, StandardCharsets.ISO_8859_1);
    if (start.startsWith("PK")) {
      return " but a .npz or zip archive; unpack it first";
    }
    if (start.startsWith("version ")) {
      return " but perhaps a Git LFS pointer; fetch the real file with git lfs pull";
    }
    return "; give a file written by numpy.save";
  }

  private static NpyException truncated(String file, long size, String expected) {
    return NpyException.atOffset(
        file, size, "the file ends here, but " + expected + "; it is truncated, extract it again");
  }

  private static byte[] bytes(ByteSource source, long offset, int count) throws IOException {
    byte[] bytes = new byte[count];
    source.read(ByteBuffer.wrap(bytes), offset);
    return bytes;
  }
}
