// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one number a vector, such as its speaker, from a {@code .npy} file of int32 and shape (n,).
 */
public final class LabelReader {
  private static final Pattern HEAD =
      Pattern.compile(
          "\\{'descr': '<i4', 'fortran_order': (?:False|True), 'shape': \\((\\d{1,9}),\\),"
              + " \\}\\s*");

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int PREFIX = MAGIC.length + 2;

  private LabelReader() {}

  /**
   * The labels.
   *
   * @param n how many there must be
   * @throws DataException if the file is not such a file or holds another number of labels
   */
  public static int[] read(Path file, int n) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.limit() < PREFIX || !bytes.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
      throw new DataException(file, "no .npy file of version 1.0; give labels as NumPy saves them");
    }
    int headBytes = Math.min(bytes.getShort(MAGIC.length) & 0xffff, bytes.limit() - PREFIX);
    String head = new String(bytes.array(), PREFIX, headBytes, StandardCharsets.US_ASCII);
    Matcher matcher = HEAD.matcher(head);
    if (!matcher.matches()) {
      throw new DataException(
          file,
          "must hold int32 of shape (n,), got " + head.strip() + "; save labels.astype('<i4')");
    }
    int count = Integer.parseInt(matcher.group(1));
    bytes.position(PREFIX + headBytes);
    if (count != n || bytes.remaining() != (long) n * Integer.BYTES) {
      throw new DataException(
          file,
          count
              + " labels in "
              + bytes.remaining()
              + " bytes for "
              + n
              + " vectors; give one int32 for each vector of the base");
    }
    int[] labels = new int[n];
    bytes.asIntBuffer().get(labels);
    return labels;
  }
}
