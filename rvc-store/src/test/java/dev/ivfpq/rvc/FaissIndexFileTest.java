// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ivfpq.rvc.faiss.FaissException;
import dev.ivfpq.rvc.faiss.FaissIndexFile;
import dev.ivfpq.rvc.npy.NpyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Indexes that faiss wrote ({@code faiss/make.py}), whole, cut and damaged. */
class FaissIndexFileTest {
  private static final Path FIXTURES = Path.of("src/test/resources/faiss");

  @TempDir private Path folder;

  @Test
  void rawVectorsAreThoseThatWereAddedToTheBit() throws IOException {
    float[][] vectors = vectors();
    for (String name :
        List.of("flat", "ivf_flat", "ivf_flat_inner_product", "ivf_pq4fs_rflat", "ivf_flat_ids")) {
      try (FaissIndexFile index = FaissIndexFile.open(fixture(name))) {
        assertEquals(8, index.dims(), name);
        assertEquals(96, index.size(), name);
        assertTrue(index.exact(), name);
        assertEquals(name.contains("inner"), index.byInnerProduct(), name);
        Map<Long, float[]> found = vectors(index);
        for (int row = 0; row < 96; row++) {
          long id = name.endsWith("ids") ? 7 * row + 1000 : row;
          assertArrayEquals(vectors[row], found.get(id), 0, name + ", id " + id);
        }
      }
    }
    try (FaissIndexFile index = FaissIndexFile.open(fixture("ivf_flat_sparse"))) {
      assertEquals(3, index.size());
      assertArrayEquals(vectors[2], vectors(index).get(2L), 0);
    }
    try (FaissIndexFile index = FaissIndexFile.open(fixture("idmap_flat"))) {
      assertArrayEquals(vectors[95], vectors(index).get(7L * 95 + 1000), 0);
    }
  }

  @Test
  void codesAreDecodedAndTransformsUndone() throws IOException {
    assertTrue(error("rr_ivf_flat") < 1e-5);
    assertTrue(error("ivf_pq4fs") < .4);
    assertTrue(error("ivf_pq3fsr") < .4);
  }

  /** Of the vectors, relative to their norm. */
  private static double error(String name) throws IOException {
    float[][] vectors = vectors();
    double error = 0;
    double norm = 0;
    try (FaissIndexFile index = FaissIndexFile.open(fixture(name))) {
      assertEquals(8, index.dims(), name);
      Map<Long, float[]> found = vectors(index);
      assertEquals(96, found.size(), name);
      for (int row = 0; row < 96; row++) {
        for (int j = 0; j < 8; j++) {
          error += Math.pow(vectors[row][j] - found.get((long) row)[j], 2);
          norm += Math.pow(vectors[row][j], 2);
        }
      }
    }
    return Math.sqrt(error / norm);
  }

  @Test
  void filesWithoutVectorsSayWhichToUse() {
    assertRefused(
        fixture("trained"), "holds no vectors; use the added_ file, not the trained_ one");
    assertRefused(
        fixture("untrained"),
        "holds no vectors and was never trained; use the added_ file, not the trained_ one");
  }

  @Test
  void whatIsNoIndexIsToldByItsName() throws IOException {
    assertRefused(write("empty.index", new byte[0]), "an empty file; get it again");
    assertRefused(
        write("npy.index", Files.readAllBytes(FIXTURES.resolve("vectors.npy"))),
        "a .npy matrix, not an index; add it as a clip");
    assertRefused(
        write("lfs.index", "version https://git-lfs.github.com/spec/v1\nsize 123\n".getBytes()),
        "a Git LFS pointer, not the file of 123 bytes; fetch it with: git lfs pull");
    assertRefused(
        write("page.index", "<!DOCTYPE html><html>".getBytes()),
        "text, not an index (a failed download?); get it again");
  }

  /** A file cut anywhere is refused with the place, never read as if it were whole. */
  @Test
  void everyCutIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(fixture("ivf_pq4fs_rflat"));
    for (int length = 4; length < whole.length; length += 1 + length / 50) {
      Path cut = write("cut.index", Arrays.copyOf(whole, length));
      FaissException refusal =
          assertThrows(
              FaissException.class, () -> FaissIndexFile.open(cut).close(), "cut at " + length);
      assertTrue(
          refusal.getMessage().startsWith(cut + ": "), () -> "a sentence: " + refusal.getMessage());
    }
  }

  /** Whatever the bytes are: a sentence or vectors, never another failure. */
  @Test
  void randomBytesInHeadersNeverDoHarm() throws IOException {
    Random random = FuzzedBytes.random();
    List<byte[]> indexes = new ArrayList<>();
    for (String name :
        List.of(
            "flat",
            "ivf_flat",
            "ivf_flat_sparse",
            "ivf_pq4fs_rflat",
            "ivf_pq3fsr",
            "idmap_flat",
            "rr_ivf_flat")) {
      indexes.add(Files.readAllBytes(fixture(name)));
    }
    int[] taken = {0};
    for (int i = 0; i < FuzzedBytes.count(); i++) {
      byte[] whole = indexes.get(random.nextInt(indexes.size()));
      FuzzedBytes.of(whole, 700, random)
          .readWith(
              bytes -> {
                try (FaissIndexFile index = FaissIndexFile.of(bytes)) {
                  long[] seen = {0};
                  index.forEach((id, vector) -> seen[0]++);
                  assertEquals(index.size(), seen[0]);
                  taken[0]++;
                } catch (FaissException e) {
                  assertTrue(e.getMessage().startsWith("fuzzed: "), e::getMessage);
                }
              });
    }
    System.out.println(taken[0] + " indexes were still whole");
  }

  private void assertRefused(Path file, String message) {
    FaissException refusal =
        assertThrows(FaissException.class, () -> FaissIndexFile.open(file).close());
    assertEquals(file + ": " + message, refusal.getMessage());
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static Path fixture(String name) {
    return FIXTURES.resolve(name + ".index");
  }

  private static float[][] vectors() throws IOException {
    try (NpyReader reader = NpyReader.open(FIXTURES.resolve("vectors.npy"))) {
      return reader.readAll();
    }
  }

  private static Map<Long, float[]> vectors(FaissIndexFile index) throws IOException {
    Map<Long, float[]> vectors = new HashMap<>();
    index.forEach((id, vector) -> vectors.put(id, vector.clone()));
    return vectors;
  }
}
