// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What people take for an index, told by its first bytes. */
final class FileKind {
  private static final int HEAD = 256;

  private static final List<FileKind> KINDS =
      List.of(
          new FileKind("a .npy matrix, not an index; add it as a clip", 0x93, 'N', 'U', 'M'),
          new FileKind(
              "a zip file (or a .pth model, which is one), not an index; import the .index in it",
              'P',
              'K',
              3,
              4),
          new FileKind("compressed with gzip; unpack it first", 0x1f, 0x8b),
          new FileKind("text with a byte order mark, not an index", 0xef, 0xbb, 0xbf),
          new FileKind("only zeros, not an index; get the file again", 0, 0, 0, 0));

  private final String words;
  private final int[] magic;

  private FileKind(String words, int... magic) {
    this.words = words;
    this.magic = magic;
  }

  /**
   * Refuses what is plainly no index.
   *
   * @throws FaissException saying what the file is
   */
  static void check(FaissInput in) throws IOException {
    int length = (int) Math.min(HEAD, in.size());
    if (length == 0) {
      throw FaissException.of(in.name(), "an empty file; get it again");
    }
    ByteBuffer head = in.bytes(0, length);
    for (FileKind kind : KINDS) {
      if (kind.matches(head)) {
        throw FaissException.of(in.name(), kind.words);
      }
    }
    String text = new String(head.array(), 0, length, StandardCharsets.ISO_8859_1);
    if (text.startsWith("version https://git-lfs")) {
      throw FaissException.of(
          in.name(),
          "a Git LFS pointer, not the file" + lfsSize(text) + "; fetch it with: git lfs pull");
    }
    if (text.chars().allMatch(c -> c >= ' ' && c <= '~' || c == '\n' || c == '\r' || c == '\t')
        && length > 4) {
      throw FaissException.of(in.name(), "text, not an index (a failed download?); get it again");
    }
    if (isPickle(in)) {
      throw FaissException.of(
          in.name(),
          "a Python pickle that holds no index; export the index with faiss.write_index");
    }
  }

  /** Whether a file starts as pickles of protocols 2 to 5 do. */
  static boolean isPickle(FaissInput in) throws IOException {
    if (in.size() < 2) {
      return false;
    }
    ByteBuffer head = in.bytes(0, 2);
    return (head.get(0) & 0xff) == 0x80 && head.get(1) >= 2 && head.get(1) <= 5;
  }

  private boolean matches(ByteBuffer head) {
    if (head.limit() < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((head.get(i) & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  private static String lfsSize(String text) {
    return Arrays.stream(text.split("\n"))
        .filter(line -> line.startsWith("size "))
        .findFirst()
        .map(line -> " of " + line.substring("size ".length()).strip() + " bytes")
        .orElse("");
  }
}
