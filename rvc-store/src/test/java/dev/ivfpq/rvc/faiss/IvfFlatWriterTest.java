// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ivfpq.rvc.Frames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Indexes that we write, read by our own reader; {@code ExportTest} has faiss read one. */
class IvfFlatWriterTest {
  @TempDir private Path folder;

  private record Rows(float[][] rows) implements RowSource {
    @Override
    public int dims() {
      return rows[0].length;
    }

    @Override
    public int count() {
      return rows.length;
    }

    @Override
    public void forEach(RowVisitor visitor) throws IOException {
      float[] shared = new float[dims()];
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(rows[i], 0, shared, 0, shared.length);
        visitor.row(i, shared);
      }
      Arrays.fill(shared, Float.NaN);
    }
  }

  private static IvfLists lists(Rows rows) throws IOException {
    return IvfLists.of(rows, CoarseQuantizer.train(rows));
  }

  private Path write(Rows rows, IvfLists lists) throws IOException {
    Path file = folder.resolve("a.index");
    try (IvfFlatWriter writer = IvfFlatWriter.create(file, lists)) {
      rows.forEach((id, vector) -> writer.write(vector));
      writer.finish();
    }
    return file;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 38, 39, 77, 78, 500, 1521, 4000})
  void vectorsComeBackToTheBitUnderTheirNumbers(int count) throws IOException {
    float[][] vectors = Frames.speech(count, count, 12);
    vectors[0][0] = -0f;
    vectors[0][1] = Float.MIN_VALUE;
    Rows rows = new Rows(vectors);
    IvfLists lists = lists(rows);
    Path file = write(rows, lists);
    assertEquals(139 + (count + lists.nlist()) * (4L * 12 + 8), Files.size(file));
    assertEquals(Files.size(file), IvfFlatWriter.bytes(lists));
    float[][] found = new float[count][];
    try (FaissIndexFile index = FaissIndexFile.open(file)) {
      assertEquals("IwFl", index.kind());
      assertEquals(12, index.dims());
      assertEquals(count, index.size());
      assertEquals(0, index.trailingBytes());
      assertTrue(index.exact());
      index.forEach((id, vector) -> found[(int) id] = vector.clone());
    }
    for (int row = 0; row < count; row++) {
      for (int j = 0; j < 12; j++) {
        assertEquals(
            Float.floatToRawIntBits(vectors[row][j]), Float.floatToRawIntBits(found[row][j]));
      }
    }
  }

  @Test
  void thereAreAsManyListsAsSearchWell() throws IOException {
    assertEquals(1, lists(new Rows(Frames.speech(1, 77, 4))).nlist());
    assertEquals(2, lists(new Rows(Frames.speech(1, 78, 4))).nlist());
    assertTrue(lists(new Rows(Frames.speech(1, 4000, 16))).nlist() >= 60);
  }

  /** Whatever is clustered how: far outliers alone would have lists of one. */
  @Test
  void everyVectorIsInTheListOfItsNearestCentroidAndNoListIsSmall() throws IOException {
    float[][] vectors = Frames.speech(9, 2000, 8);
    for (int i = 0; i < 30; i++) {
      vectors[i * 61][i % 8] += 1000 * (i + 1);
    }
    IvfLists lists = lists(new Rows(vectors));
    assertTrue(lists.nlist() > 1, "lists: " + lists.nlist());
    float[][] centroids = lists.quantizer().centroids();
    int[] sizes = new int[lists.nlist()];
    for (int row = 0; row < vectors.length; row++) {
      float[] vector = vectors[row];
      double[] distances =
          IntStream.range(0, sizes.length)
              .mapToDouble(list -> distance(vector, centroids[list]))
              .toArray();
      double least = Arrays.stream(distances).min().getAsDouble();
      assertTrue(distances[lists.listOf(row)] <= least * (1 + 1e-5), "row " + row);
      sizes[lists.listOf(row)]++;
    }
    for (int list = 0; list < sizes.length; list++) {
      assertEquals(sizes[list], lists.size(list));
      assertTrue(sizes[list] >= 8, "list " + list + " has " + sizes[list]);
    }
  }

  @Test
  void equalAndHugeVectorsAreWritten() throws IOException {
    float[][] equal = new float[400][3];
    for (float[] row : equal) {
      Arrays.fill(row, 2.5f);
    }
    float[][] huge = Frames.speech(3, 400, 3);
    for (float[] row : huge) {
      for (int j = 0; j < 3; j++) {
        row[j] *= 1e18f;
      }
    }
    for (float[][] vectors : new float[][][] {equal, huge}) {
      Rows rows = new Rows(vectors);
      IvfLists lists = lists(rows);
      assertTrue(IntStream.range(0, lists.nlist()).allMatch(list -> lists.size(list) >= 8));
      try (FaissIndexFile index = FaissIndexFile.open(write(rows, lists))) {
        index.forEach((id, vector) -> assertArrayEquals(vectors[(int) id], vector, 0));
      }
    }
  }

  /** Neighbours in the one list that RVC looks at, against those in a list drawn by lot. */
  @Test
  void theNearestListHoldsMostNeighbours() throws IOException {
    float[][] vectors = Frames.speech(5, 3000, 16);
    IvfLists lists = lists(new Rows(vectors));
    int found = 0;
    float[][] queries = Frames.speech(6, 200, 16);
    for (float[] query : queries) {
      int list = lists.quantizer().nearest(query);
      int[] nearest =
          IntStream.range(0, vectors.length)
              .boxed()
              .sorted(
                  (a, b) ->
                      Double.compare(distance(query, vectors[a]), distance(query, vectors[b])))
              .limit(8)
              .mapToInt(row -> row)
              .toArray();
      found += (int) Arrays.stream(nearest).filter(row -> lists.listOf(row) == list).count();
    }
    double recall = found / (8. * queries.length);
    System.out.println("recall@8 of one list of " + lists.nlist() + ": " + recall);
    assertTrue(recall > .2, () -> "recall " + recall);
  }

  @Test
  void anUnfinishedFileLeavesNothing() throws IOException {
    Rows rows = new Rows(Frames.speech(1, 50, 4));
    Path file = Files.writeString(folder.resolve("a.index"), "before");
    IvfLists lists = lists(rows);
    try (IvfFlatWriter writer = IvfFlatWriter.create(file, lists)) {
      writer.write(rows.rows()[0]);
      assertEquals(
          "1 vectors written, 50 announced",
          assertThrows(IllegalStateException.class, writer::finish).getMessage());
    }
    assertEquals("before", Files.readString(file));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
    try (IvfFlatWriter writer = IvfFlatWriter.create(file, lists)) {
      rows.forEach((id, vector) -> writer.write(vector));
      assertEquals(
          "more than the 50 vectors announced",
          assertThrows(IllegalStateException.class, () -> writer.write(new float[4])).getMessage());
    }
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += ((double) a[j] - b[j]) * ((double) a[j] - b[j]);
    }
    return sum;
  }
}
