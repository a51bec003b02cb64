// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EntryBytesTest {
  private final byte[] content = new byte[2 * EntryBytes.WINDOW + 12_345];
  private int starts;

  private EntryBytes open(byte[] bytes, long size) throws IOException {
    return new EntryBytes(
        "a.zip: b",
        size,
        () -> {
          starts++;
          return new ByteArrayInputStream(bytes);
        });
  }

  private void check(ByteSource entry, int from, int length) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(length);
    entry.read(out, from);
    assertEquals(ByteBuffer.wrap(content, from, length), out.flip(), "from " + from);
  }

  @Test
  void anyPlaceCanBeRead() throws IOException {
    new Random(1).nextBytes(content);
    try (EntryBytes entry = open(content, content.length)) {
      check(entry, 0, content.length);
      check(entry, content.length - 1, 1);
      // Still in the window.
      check(entry, content.length - EntryBytes.WINDOW, 100);
      check(entry, content.length - EntryBytes.WINDOW, EntryBytes.WINDOW);
      assertEquals(1, starts);
      check(entry, content.length - EntryBytes.WINDOW - 1, 70_000);
      assertEquals(2, starts);
      Random random = new Random(2);
      for (int i = 0; i < 40; i++) {
        int from = random.nextInt(content.length);
        check(entry, from, random.nextInt(Math.min(100_000, content.length - from)));
      }
      check(entry, 0, 0);
    }
  }

  /** Somebody could make a file that would be inflated again for every vector. */
  @Test
  void jumpingForthAndBackEnds() throws IOException {
    try (EntryBytes entry = open(content, content.length)) {
      IOException refusal =
          assertThrows(
              ArchiveException.class,
              () -> {
                for (int i = 0; i < 1000; i++) {
                  check(entry, content.length - 10, 10);
                  check(entry, 0, 10);
                }
              });
      assertEquals(
          "a.zip: b: has to be read here and there, which takes too long; unpack and import it",
          refusal.getMessage());
      assertTrue(starts <= EntryBytes.MAX_STARTS);
    }
  }

  @Test
  void aStreamThatEndsEarlyIsNoticed() throws IOException {
    try (EntryBytes entry = open(new byte[10], 11)) {
      check(entry, 0, 10);
      assertEquals(
          "a.zip: b: became shorter while it was read",
          assertThrows(EOFException.class, () -> check(entry, 5, 6)).getMessage());
    }
  }
}
