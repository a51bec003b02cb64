// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.npy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyWriterTest {
  @TempDir Path folder;

  private void assertOnly(String... names) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertArrayEquals(names, files.map(file -> file.getFileName().toString()).sorted().toArray());
    }
  }

  @Test
  void testFileIsWhatNumpyWrites() throws IOException {
    Path file = folder.resolve("out.npy");
    try (NpyWriter writer = NpyWriter.create(file, 2, 3)) {
      writer.write(new float[] {1, 2, 3, 4, 5, 6}, 2);
      writer.finish();
    }
    byte[] bytes = Files.readAllBytes(file);
    assertEquals(128 + 24, bytes.length);
    assertEquals(118, bytes[8]);
    String header = new String(bytes, 10, 118, StandardCharsets.US_ASCII);
    assertEquals(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", header.stripTrailing());
    assertTrue(header.endsWith(" \n"));
    assertArrayEquals(
        NpyBytes.file(1, header, new byte[0]), Arrays.copyOf(bytes, 128), "magic and header");
    assertArrayEquals(new byte[] {0, 0, (byte) 0x80, 0x3f}, Arrays.copyOfRange(bytes, 128, 132));
    assertOnly("out.npy");
  }

  @Test
  void testWrittenRowsAreReadBackForEveryHeaderLength() throws IOException {
    Random random = new Random(3);
    Path file = folder.resolve("out.npy");
    for (int dims : new int[] {1, 9, 10, 99, 100, 999, 1000, 40_000}) {
      float[] rows = new float[7 * dims];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = random.nextFloat();
      }
      try (NpyWriter writer = NpyWriter.create(file, 7, dims)) {
        writer.write(rows, 3);
        writer.write(Arrays.copyOfRange(rows, 3 * dims, rows.length), 4);
        writer.finish();
      }
      try (NpyReader reader = NpyReader.open(file)) {
        assertEquals(0, reader.header().dataOffset() % 64);
        float[] out = new float[rows.length];
        reader.read(0, 7, out);
        assertArrayEquals(rows, out);
      }
    }
  }

  @Test
  void testNothingIsLeftOfAnUnfinishedFile() throws IOException {
    Path file = Files.writeString(folder.resolve("out.npy"), "before");
    try (NpyWriter writer = NpyWriter.create(file, 2, 3)) {
      writer.write(new float[3], 1);
      assertThrows(IllegalStateException.class, writer::finish);
      assertThrows(IllegalStateException.class, () -> writer.write(new float[6], 2));
    }
    assertEquals("before", Files.readString(file));
    assertOnly("out.npy");
  }

  @Test
  void testTargetsThatCannotBeAreRefused() throws IOException {
    NpyException missing =
        assertThrows(
            NpyException.class, () -> NpyWriter.create(folder.resolve("no/out.npy"), 1, 1));
    assertTrue(missing.getMessage().contains("its folder does not exist; make "));
    NpyException isFolder = assertThrows(NpyException.class, () -> NpyWriter.create(folder, 1, 1));
    assertTrue(isFolder.getMessage().contains("no regular file; name a new file"));
  }
}
