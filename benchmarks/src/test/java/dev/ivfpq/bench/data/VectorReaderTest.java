// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorReaderTest {
  private static final float[][] ROWS = {{1, -2, 0.5f}, {3, 4, 5}};

  @TempDir private Path folder;

  @Test
  void fbin() throws IOException {
    assertArrayEquals(ROWS, VectorReader.read(file("a.fbin", fbinBytes(2))).rows());
  }

  @Test
  void fvecs() throws IOException {
    ByteBuffer bytes = little(32);
    for (float[] row : ROWS) {
      bytes.putInt(3);
      for (float value : row) {
        bytes.putFloat(value);
      }
    }
    assertArrayEquals(ROWS, VectorReader.read(file("a.fvecs", bytes.array())).rows());
  }

  @Test
  void imagesPackedAndNot() throws IOException {
    byte[] bytes = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 1, (byte) 255, 7, 8, 9};
    float[][] images = {{0, 1, 255}, {7, 8, 9}};
    assertArrayEquals(images, VectorReader.read(file("a-idx3-ubyte", bytes)).rows());
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    }
    assertArrayEquals(
        images, VectorReader.read(file("a-idx3-ubyte.gz", packed.toByteArray())).rows());
  }

  @Test
  void countsThatDoNotFitTheFileAreRefusedBeforeAnythingIsAllocated() throws IOException {
    Path file = file("a.fbin", fbinBytes(1_000_000_000));
    DataException e = assertThrows(DataException.class, () -> VectorReader.read(file));
    assertEquals(
        file
            + ": 1000000000 rows of 3 floats need 12000000008 bytes, the file has 32;"
            + " download it again",
        e.getMessage());
  }

  @Test
  void endsAndKindsThatCannotBe() throws IOException {
    Path cut = file("cut.fvecs", new byte[] {3, 0, 0, 0, 1, 2});
    assertEquals(
        cut + ": ends inside row 0; download it again",
        assertThrows(DataException.class, () -> VectorReader.read(cut)).getMessage());
    Path text = file("a.txt", new byte[0]);
    assertEquals(
        text
            + ": unknown kind of file; give .npy, a folder of them, .fvecs, .fbin or"
            + " idx3-ubyte[.gz]",
        assertThrows(DataException.class, () -> VectorReader.read(text)).getMessage());
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static byte[] fbinBytes(int count) {
    ByteBuffer bytes = little(32).putInt(count).putInt(3);
    for (float[] row : ROWS) {
      for (float value : row) {
        bytes.putFloat(value);
      }
    }
    return bytes.array();
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
