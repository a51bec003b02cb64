// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ivfpq.rvc.faiss.FaissException;
import dev.ivfpq.rvc.faiss.FaissIndexFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every kind of index that faiss 1.7.3 wrote for us, and every damaged one. */
class FaissSamplesTest {
  private Path folder;
  private JsonNode manifest;

  @BeforeEach
  void find() throws IOException {
    Path root = Path.of(System.getProperty("tests.root")).toRealPath();
    folder = root.resolveSibling("shared/data/faiss-samples/generated");
    Path file = folder.resolve("manifest.json");
    if (!Files.exists(file)) {
      String reason = "skipped, no file " + file;
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    manifest = new ObjectMapper().readTree(file.toFile());
  }

  @Test
  void vectorsAreThoseThatWereAdded() throws IOException {
    for (JsonNode entry : manifest.get("files")) {
      String name = entry.get("file").asText();
      if (entry.get("ntotal").asInt() == 0) {
        refusal(name, "holds no vectors");
        continue;
      }
      float[][] vectors = NpyRows.of(folder.resolve(entry.get("vectors").asText()));
      long[] ids =
          entry.get("ids").isNull()
              ? null
              : longs(folder.resolve(entry.get("ids").asText()), vectors.length);
      try (FaissIndexFile index = FaissIndexFile.open(folder.resolve(name))) {
        assertEquals(entry.get("d").asInt(), index.dims(), name);
        assertEquals(vectors.length, index.size(), name);
        assertEquals(0, index.trailingBytes(), name);
        assertEquals(entry.get("fourcc").asText(), index.kind(), name);
        Map<Long, float[]> found = new HashMap<>();
        index.forEach((id, vector) -> found.put(id, vector.clone()));
        check(name, index.exact(), vectors, ids, found);
      }
    }
  }

  private static void check(
      String name, boolean exact, float[][] vectors, long[] ids, Map<Long, float[]> found) {
    double error = 0;
    double norm = 0;
    for (int row = 0; row < vectors.length; row++) {
      long id = ids == null ? row : ids[row];
      float[] vector = found.get(id);
      assertNotNull(vector, () -> name + " has no id " + id);
      if (exact) {
        assertArrayEquals(vectors[row], vector, 0, () -> name + ", id " + id);
      }
      for (int j = 0; j < vector.length; j++) {
        error += Math.pow(vectors[row][j] - vector[j], 2);
        norm += Math.pow(vectors[row][j], 2);
      }
    }
    double relative = Math.sqrt(error / norm);
    System.out.printf("%s: %s, relative error %.2g%n", name, exact ? "exact" : "decoded", relative);
    // Lengths are lost by normalizing, most dims by a projection to half of them.
    double most = name.startsWith("l2norm") ? 2 : name.startsWith("pca") ? .6 : .5;
    assertTrue(relative < most, () -> name + " has a relative error of " + relative);
  }

  @Test
  void damagedFilesAreRefusedWithTheirCause() throws IOException {
    List<String> taken = new ArrayList<>();
    for (JsonNode entry : manifest.get("broken")) {
      String name = entry.get("file").asText();
      String what = entry.get("what").asText();
      try (FaissIndexFile index = FaissIndexFile.open(folder.resolve(name))) {
        taken.add(name.substring("broken/".length()) + " " + index.trailingBytes());
      } catch (FaissException e) {
        System.out.println(what + " -> " + e.getMessage().substring(folder.toString().length()));
        assertTrue(e.getMessage().startsWith(folder.resolve(name) + ": "), e::getMessage);
      }
    }
    // All vectors of these are there: ids are kept as they are, stored centroids not used.
    assertEquals(
        List.of(
            "id_03_huge.index 0",
            "val_03_nan_centroid.index 0",
            "trailing_garbage.index 22",
            "two_indexes.index 691"),
        taken);
    refusal("broken/trunc_09_in_ids.index", "at byte");
    refusal("broken/lfs_pointer.index", "a Git LFS pointer, not the file of ");
    refusal("broken/npy.index", "a .npy matrix, not an index; add it as a clip");
    refusal("broken/pickle.index", "a Python pickle that holds no index");
    refusal("broken/magic_wrong.index", "an index of kind \"IwXX\"");
    refusal("broken/crlf_mangled.index", "line ends were translated on the way");
    refusal("broken/val_01_nan.index", "has the value NaN");
    refusal("broken/len_05_list_size_huge.index", "truncated or damaged: 8589934592 vectors");
  }

  @Test
  void theOnlyIndexInAPickleIsFound() throws IOException {
    byte[] index = Files.readAllBytes(folder.resolve("ivfflat_l2_full.index"));
    byte[] other = Files.readAllBytes(folder.resolve("rvc_v1_256.index"));
    ByteBuffer pickle = ByteBuffer.allocate(100 + index.length + other.length);
    pickle.put((byte) 0x80).put((byte) 4).position(50).put(index);
    Path file = Files.createTempFile("feature_and_index", ".pkl");
    try {
      Files.write(file, pickle.array());
      try (FaissIndexFile found = FaissIndexFile.open(file)) {
        assertEquals(320, found.size());
        assertEquals(32, found.dims());
        assertTrue(found.exact());
      }
      pickle.position(80 + index.length);
      Files.write(file, pickle.put(other).array());
      FaissException refusal =
          assertThrows(FaissException.class, () -> FaissIndexFile.open(file).close());
      assertEquals(
          file
              + ": a pickle of 2 indexes, one for each speaker; write the one you want with"
              + " faiss.write_index",
          refusal.getMessage());
    } finally {
      Files.delete(file);
    }
  }

  private void refusal(String name, String part) {
    FaissException refusal =
        assertThrows(FaissException.class, () -> FaissIndexFile.open(folder.resolve(name)), name);
    assertTrue(refusal.getMessage().contains(part), refusal::getMessage);
  }

  /** Numbers of 8 bytes at the end of a {@code .npy} file. */
  private static long[] longs(Path file, int count) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    long[] values = new long[count];
    ByteBuffer.wrap(bytes, bytes.length - 8 * count, 8 * count)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asLongBuffer()
        .get(values);
    return values;
  }
}
