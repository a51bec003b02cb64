// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ivfpq.bench.data.VectorRows;
import dev.ivfpq.bench.data.VectorSet;
import dev.ivfpq.rvc.npy.NpyWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KthDistancesTest {
  private static final int D = 5;
  private static final int K = 3;

  /** More than two blocks are read of. */
  private static final VectorSet BASE = vectors(9_000, 1);

  /** More than one group. */
  private static final VectorSet QUERIES = vectors(70, 2);

  @TempDir Path folder;

  private static VectorSet vectors(int n, long seed) {
    Random random = new Random(seed);
    float[][] rows = new float[n][D];
    for (float[] row : rows) {
      for (int j = 0; j < D; j++) {
        row[j] = (float) random.nextGaussian();
      }
    }
    return new VectorSet(rows);
  }

  private static double[] bruteForce() {
    return Arrays.stream(QUERIES.rows())
        .mapToDouble(
            query ->
                Arrays.stream(BASE.rows())
                    .mapToDouble(row -> Distance.EUCLIDEAN.exact(query, row))
                    .sorted()
                    .toArray()[K - 1])
        .toArray();
  }

  @Test
  void inMemoryTheyAreThoseOfBruteForce() throws IOException {
    KthDistances distances =
        KthDistances.compute(VectorRows.of(BASE), QUERIES, Distance.EUCLIDEAN, K);
    assertArrayEquals(bruteForce(), distances.all());
    for (int query = 0; query < QUERIES.size(); query++) {
      int asked = query;
      long right =
          IntStream.range(0, BASE.size())
              .filter(row -> distances.isNeighbour(asked, BASE.rows()[row]))
              .count();
      assertEquals(K, right, "query " + query);
    }
  }

  @Test
  void fromAFileTheyAreTheSameAndKept() throws IOException {
    Path file = folder.resolve("base.npy");
    try (NpyWriter writer = NpyWriter.create(file, BASE.size(), D)) {
      for (float[] row : BASE.rows()) {
        writer.write(row, 1);
      }
      writer.finish();
    }
    try (VectorRows rows = VectorRows.open(file)) {
      // The second time the distances come from the folder.
      for (int round = 0; round < 2; round++) {
        KthDistances distances = KthDistances.cached(folder, rows, QUERIES, Distance.EUCLIDEAN, K);
        assertArrayEquals(bruteForce(), distances.all());
      }
      assertEquals(1, folder.toFile().list((dir, name) -> name.startsWith("truth-")).length);
      assertEquals(
          VectorRows.fingerprint("", VectorRows.of(BASE)), VectorRows.fingerprint("", rows));
      assertNotEquals(
          VectorRows.fingerprint("", VectorRows.of(QUERIES)), VectorRows.fingerprint("", rows));
    }
  }

  @Test
  void moreNeighboursThanVectorsAreRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                KthDistances.cached(
                    folder, VectorRows.of(QUERIES), QUERIES, Distance.EUCLIDEAN, 71));
    assertEquals("k=71 neighbours of 70 vectors; give a smaller k", e.getMessage());
  }
}
