// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.NIOFSDirectory;
import org.apache.lucene.tests.util.LuceneTestCase;

/** Both matrix kernels against plain loops in double precision. */
public class TestMatrixKernels extends LuceneTestCase {
  private static final int[] SIZES = {1, 2, 3, 4, 7, 8, 13, 16, 17, 33, 100, 257};

  /** The second one is scalar again where this JVM has no vectors. */
  private static final Map<String, MatrixKernel> KERNELS =
      Map.of("scalar", new ScalarMatrix(), "chosen", Kernels.matrix());

  private interface Check {
    void run(String where, MatrixKernel kernel) throws IOException;
  }

  public void testMultiplyEqualsDoublePrecision() throws IOException {
    for (int n : SIZES) {
      for (int count : SIZES) {
        int cols = SIZES[random().nextInt(SIZES.length)];
        float[] x = gaussians(n * cols + 3);
        float[] rows = gaussians(count * cols);
        forEachKernel(
            "n=" + n + ", count=" + count + ", cols=" + cols,
            (where, kernel) -> {
              float[] out = new float[n * count + 5];
              Arrays.fill(out, 77);
              kernel.multiply(x, 3, n, kernel.pack(rows, count, cols), out, 2);
              for (int i = 0; i < n; i++) {
                for (int j = 0; j < count; j++) {
                  double expected = dot(x, 3 + i * cols, rows, j * cols, cols);
                  assertEquals(where, expected, out[2 + i * count + j], tolerance(cols));
                }
              }
              assertArrayEquals(where, new float[] {77, 77}, Arrays.copyOf(out, 2), 0);
              float[] behind = Arrays.copyOfRange(out, 2 + n * count, out.length);
              assertArrayEquals(where, new float[] {77, 77, 77}, behind, 0);
            });
      }
    }
  }

  public void testNearestEqualsDoublePrecision() throws IOException {
    for (int n : SIZES) {
      for (int count : SIZES) {
        int cols = SIZES[random().nextInt(SIZES.length)];
        float[] x = gaussians(n * cols + 3);
        float[] rows = gaussians(count * cols);
        float[] norms = squaredNorms(rows, count, cols);
        forEachKernel(
            "n=" + n + ", count=" + count + ", cols=" + cols,
            (where, kernel) -> {
              int[] nearest = new int[n + 1];
              float[] values = new float[n + 1];
              Panels panels = kernel.pack(rows, count, cols);
              kernel.nearest(x, 3, n, panels, norms, nearest, values, 1);
              for (int i = 0; i < n; i++) {
                double least = Double.POSITIVE_INFINITY;
                for (int j = 0; j < count; j++) {
                  double product = dot(x, 3 + i * cols, rows, j * cols, cols);
                  least = Math.min(least, norms[j] - 2 * product);
                }
                int j = nearest[1 + i];
                double found = norms[j] - 2 * dot(x, 3 + i * cols, rows, j * cols, cols);
                assertEquals(where, least, found, 2 * tolerance(cols));
                assertEquals(where, found, values[1 + i], 2 * tolerance(cols));
              }
            });
      }
    }
  }

  public void testNearestOverManyPanels() throws IOException {
    int count = 3001;
    int cols = 40;
    float[] rows = gaussians(count * cols);
    float[] norms = squaredNorms(rows, count, cols);
    forEachKernel(
        "count=" + count,
        (where, kernel) -> {
          Panels panels = kernel.pack(rows, count, cols);
          int[] nearest = new int[count];
          kernel.nearest(rows, 0, count, panels, norms, nearest, new float[count], 0);
          for (int i = 0; i < count; i++) {
            assertEquals(where + ": a row is nearest to itself", i, nearest[i]);
          }
        });
  }

  public void testNearestOfEqualRowsIsTheLowest() throws IOException {
    int cols = 5;
    for (int count : new int[] {2, 16, 17, 40, 100, 2100}) {
      float[] row = gaussians(cols);
      float[] rows = new float[count * cols];
      for (int j = 0; j < count; j++) {
        System.arraycopy(row, 0, rows, j * cols, cols);
      }
      int first = random().nextInt(count);
      float[] biases = new float[count];
      Arrays.fill(biases, 0, first, 1);
      forEachKernel(
          "count=" + count + ", first=" + first,
          (where, kernel) -> {
            int[] nearest = new int[7];
            Panels panels = kernel.pack(rows, count, cols);
            float[] x = new float[7 * cols];
            for (int i = 0; i < 7; i++) {
              System.arraycopy(row, 0, x, i * cols, cols);
            }
            kernel.nearest(x, 0, 7, panels, biases, nearest, new float[7], 0);
            int[] expected = new int[7];
            Arrays.fill(expected, first);
            assertArrayEquals(where, expected, nearest);
          });
    }
  }

  public void testNearestWithoutAnyComparableValueIsTheFirst() throws IOException {
    float[] rows = gaussians(20 * 3);
    float[] biases = new float[20];
    Arrays.fill(biases, Float.POSITIVE_INFINITY);
    for (float component : new float[] {1, Float.NaN}) {
      forEachKernel(
          "component " + component,
          (where, kernel) -> {
            int[] nearest = {9};
            float[] values = {9};
            Panels panels = kernel.pack(rows, 20, 3);
            float[] x = {component, component, component};
            kernel.nearest(x, 0, 1, panels, biases, nearest, values, 0);
            assertEquals(where, 0, nearest[0]);
            assertEquals(where, Float.POSITIVE_INFINITY, values[0], 0);
          });
    }
  }

  public void testResultsDoNotDependOnBatches() throws IOException {
    for (int count : SIZES) {
      int n = 23;
      int cols = SIZES[random().nextInt(SIZES.length)];
      float[] x = gaussians(n * cols);
      float[] rows = gaussians(count * cols);
      float[] norms = squaredNorms(rows, count, cols);
      forEachKernel(
          "count=" + count + ", cols=" + cols,
          (where, kernel) -> {
            Panels panels = kernel.pack(rows, count, cols);
            float[] products = new float[n * count];
            kernel.multiply(x, 0, n, panels, products, 0);
            int[] nearest = new int[n];
            float[] values = new float[n];
            kernel.nearest(x, 0, n, panels, norms, nearest, values, 0);
            float[] otherProducts = new float[n * count];
            int[] otherNearest = new int[n];
            float[] otherValues = new float[n];
            for (int from = 0, size = 1; from < n; from += size, size = 1 + random().nextInt(6)) {
              int batch = Math.min(size, n - from);
              int at = from * cols;
              kernel.multiply(x, at, batch, panels, otherProducts, from * count);
              kernel.nearest(x, at, batch, panels, norms, otherNearest, otherValues, from);
            }
            assertArrayEquals(where, products, otherProducts, 0);
            assertArrayEquals(where, nearest, otherNearest);
            assertArrayEquals(where, values, otherValues, 0);
          });
    }
  }

  public void testProductsDoNotDependOnWhereARowStands() throws IOException {
    int n = 9;
    int count = 77;
    int cols = 31;
    float[] x = gaussians(n * cols);
    float[] rows = gaussians(count * cols);
    forEachKernel(
        "count=" + count,
        (where, kernel) -> {
          float[] all = new float[n * count];
          kernel.multiply(x, 0, n, kernel.pack(rows, count, cols), all, 0);
          for (int j = 0; j < count; j++) {
            float[] row = Arrays.copyOfRange(rows, j * cols, (j + 1) * cols);
            float[] alone = new float[n];
            kernel.multiply(x, 0, n, kernel.pack(row, 1, cols), alone, 0);
            for (int i = 0; i < n; i++) {
              assertEquals(where, alone[i], all[i * count + j], 0);
            }
          }
        });
  }

  public void testStoredMatrixEqualsDoublePrecision() throws IOException {
    for (int rows : SIZES) {
      int cols = SIZES[random().nextInt(SIZES.length)];
      int n = 1 + random().nextInt(10);
      float[] matrix = gaussians(rows * cols);
      float[] x = gaussians(n * cols);
      for (Directory directory : directories()) {
        try (directory;
            IndexInput in = write(directory, panels(matrix, rows, cols))) {
          forEachKernel(
              "n=" + n + ", rows=" + rows + ", cols=" + cols + ", " + directory,
              (where, kernel) -> {
                float[] out = new float[n * rows];
                kernel.multiply(stored(in), rows, cols, x, n, out);
                for (int i = 0; i < n; i++) {
                  float[] alone = new float[rows];
                  kernel.multiply(stored(in), rows, cols, row(x, i, cols), 1, alone);
                  for (int j = 0; j < rows; j++) {
                    double expected = dot(x, i * cols, matrix, j * cols, cols);
                    assertEquals(where, expected, out[i * rows + j], tolerance(cols));
                    assertEquals(where, alone[j], out[i * rows + j], 0);
                  }
                }
              });
        }
      }
    }
  }

  public void testStoredMatrixIsTheSameFromEveryDirectory() throws IOException {
    int rows = 38;
    int cols = 100;
    float[] matrix = gaussians(rows * cols);
    float[] x = gaussians(cols);
    for (MatrixKernel kernel : KERNELS.values()) {
      float[] first = null;
      for (Directory directory : directories()) {
        try (directory;
            IndexInput in = write(directory, panels(matrix, rows, cols))) {
          float[] out = new float[rows];
          kernel.multiply(stored(in), rows, cols, x, 1, out);
          first = first == null ? out : first;
          assertArrayEquals(directory.toString(), first, out, 0);
        }
      }
    }
  }

  public void testClosedMatrixGivesAlreadyClosed() throws IOException {
    float[] matrix = gaussians(128);
    forEachKernel(
        "closed",
        (where, kernel) -> {
          try (Directory directory = new MMapDirectory(createTempDir())) {
            IndexInput in = write(directory, matrix);
            IndexInput slice = stored(in);
            in.close();
            expectThrows(
                AlreadyClosedException.class,
                () -> kernel.multiply(slice, 4, 8, new float[8], 1, new float[4]));
          }
        });
  }

  public void testEncodeFindsTheNearestCodeword() throws IOException {
    for (int n : SIZES) {
      for (int dsub : new int[] {1, 2, 3, 4, 8, 13}) {
        int M = 1 + random().nextInt(9);
        float[] x = gaussians(n * M * dsub + 2);
        float[] codebooks = gaussians(M * dsub * 16);
        forEachKernel(
            "n=" + n + ", M=" + M + ", dsub=" + dsub,
            (where, kernel) -> {
              byte[] codes = new byte[n * M];
              kernel.encode(x, 2, n, codebooks, M, dsub, codes);
              for (int i = 0; i < n; i++) {
                for (int m = 0; m < M; m++) {
                  int at = 2 + (i * M + m) * dsub;
                  double least = Double.POSITIVE_INFINITY;
                  for (int c = 0; c < 16; c++) {
                    least = Math.min(least, squareDistance(x, at, codebooks, m, c, dsub));
                  }
                  double found = squareDistance(x, at, codebooks, m, codes[i * M + m], dsub);
                  assertEquals(where, least, found, tolerance(dsub));
                }
              }
            });
      }
    }
  }

  public void testEncodeDoesNotDependOnBatches() throws IOException {
    int n = 37;
    int M = 5;
    int dsub = 3;
    float[] x = gaussians(n * M * dsub);
    float[] codebooks = gaussians(M * dsub * 16);
    forEachKernel(
        "n=" + n,
        (where, kernel) -> {
          byte[] codes = new byte[n * M];
          kernel.encode(x, 0, n, codebooks, M, dsub, codes);
          byte[] one = new byte[M];
          for (int i = 0; i < n; i++) {
            kernel.encode(x, i * M * dsub, 1, codebooks, M, dsub, one);
            assertArrayEquals(where, Arrays.copyOfRange(codes, i * M, (i + 1) * M), one);
          }
        });
  }

  public void testCodeOfEqualCodewordsIsTheLowest() throws IOException {
    float[] codebooks = new float[2 * 3 * 16];
    for (int c = 0; c < 16; c++) {
      // Sub-space 0: all alike. Sub-space 1: 0..8 far, 9..15 alike.
      for (int k = 0; k < 3; k++) {
        codebooks[k * 16 + c] = 1;
        codebooks[(3 + k) * 16 + c] = c < 9 ? 50 + c : 2;
      }
    }
    forEachKernel(
        "ties",
        (where, kernel) -> {
          byte[] codes = new byte[2];
          kernel.encode(gaussians(6), 0, 1, codebooks, 2, 3, codes);
          assertArrayEquals(where, new byte[] {0, 9}, codes);
        });
  }

  public void testLutHoldsScaledProducts() throws IOException {
    for (int M : SIZES) {
      for (int dsub : new int[] {1, 2, 3, 8}) {
        float[] codebooks = gaussians(M * dsub * 16);
        float[] y = gaussians(M * dsub);
        forEachKernel(
            "M=" + M + ", dsub=" + dsub,
            (where, kernel) -> {
              float[] lut = new float[M * 16];
              Arrays.fill(lut, 77);
              kernel.lut(codebooks, M, dsub, y, -2, lut);
              for (int m = 0; m < M; m++) {
                for (int c = 0; c < 16; c++) {
                  double product = 0;
                  for (int k = m * dsub; k < (m + 1) * dsub; k++) {
                    product += (double) y[k] * codebooks[k * 16 + c];
                  }
                  assertEquals(where, -2 * product, lut[m * 16 + c], tolerance(dsub));
                }
              }
            });
      }
    }
  }

  public void testQuantizedTablesAreEqualBitForBit() throws IOException {
    for (int M : SIZES) {
      float[] lut = gaussians(M * 16);
      float units = 63f / (8 * (1 + random().nextFloat()));
      ScalarMatrix scalar = new ScalarMatrix();
      float[] least = new float[M];
      float[] greatest = new float[M];
      scalar.ranges(lut, M, least, greatest);
      byte[] table = new byte[M * 16];
      scalar.quantize(lut, M, least, units, table);
      for (int m = 0; m < M; m++) {
        float[] row = Arrays.copyOfRange(lut, m * 16, m * 16 + 16);
        for (int c = 0; c < 16; c++) {
          assertEquals(Math.round((row[c] - least[m]) * units), table[m * 16 + c]);
        }
        Arrays.sort(row);
        assertEquals(row[0], least[m], 0);
        assertEquals(row[15], greatest[m], 0);
      }
      forEachKernel(
          "M=" + M,
          (where, kernel) -> {
            float[] low = new float[M];
            float[] high = new float[M];
            kernel.ranges(lut, M, low, high);
            assertArrayEquals(where, least, low, 0);
            assertArrayEquals(where, greatest, high, 0);
            byte[] actual = new byte[M * 16];
            kernel.quantize(lut, M, least, units, actual);
            assertArrayEquals(where, table, actual);
          });
    }
  }

  public void testProductsOfChosenRowsEqualDoublePrecision() throws IOException {
    for (int cols : SIZES) {
      int rows = 37;
      float[] matrix = gaussians(rows * cols);
      float[] x = gaussians(cols);
      int[] chosen = random().ints(20, 0, rows).toArray();
      for (Directory directory : directories()) {
        try (directory;
            IndexInput file = write(directory, matrix)) {
          forEachKernel(
              "cols=" + cols + " in " + directory,
              (where, kernel) -> {
                float[] some = new float[chosen.length];
                kernel.multiply(stored(file), chosen, cols, x, some);
                for (int i = 0; i < chosen.length; i++) {
                  double expected = dot(x, 0, matrix, chosen[i] * cols, cols);
                  assertEquals(where, expected, some[i], tolerance(cols));
                }
              });
        }
      }
    }
  }

  private static float[] panels(float[] rows, int count, int cols) {
    return Panels.of(rows, count, cols, Panels.STORED_WIDTH).values();
  }

  private static float[] row(float[] x, int i, int cols) {
    return Arrays.copyOfRange(x, i * cols, (i + 1) * cols);
  }

  private static void forEachKernel(String where, Check check) throws IOException {
    for (Map.Entry<String, MatrixKernel> kernel : KERNELS.entrySet()) {
      check.run(kernel.getKey() + ", " + where, kernel.getValue());
    }
  }

  private static List<Directory> directories() throws IOException {
    return List.of(
        new MMapDirectory(createTempDir()),
        new MMapDirectory(createTempDir(), 4096),
        new NIOFSDirectory(createTempDir()),
        new ByteBuffersDirectory(),
        newDirectory());
  }

  /** Writes the matrix behind 5 other bytes and opens the file. */
  private static IndexInput write(Directory directory, float[] matrix) throws IOException {
    try (IndexOutput out = directory.createOutput("matrix", IOContext.DEFAULT)) {
      out.writeBytes(new byte[5], 5);
      for (float value : matrix) {
        out.writeInt(Float.floatToIntBits(value));
      }
    }
    return directory.openInput("matrix", IOContext.DEFAULT);
  }

  private static IndexInput stored(IndexInput file) throws IOException {
    return file.slice("matrix", 5, file.length() - 5);
  }

  private static float[] gaussians(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random().nextGaussian();
    }
    return values;
  }

  private static float[] squaredNorms(float[] rows, int count, int cols) {
    float[] norms = new float[count];
    for (int j = 0; j < count; j++) {
      norms[j] = (float) dot(rows, j * cols, rows, j * cols, cols);
    }
    return norms;
  }

  private static double dot(float[] a, int aAt, float[] b, int bAt, int cols) {
    double sum = 0;
    for (int k = 0; k < cols; k++) {
      sum += (double) a[aAt + k] * b[bAt + k];
    }
    return sum;
  }

  private static double squareDistance(
      float[] x, int at, float[] codebooks, int m, int c, int dsub) {
    double sum = 0;
    for (int k = 0; k < dsub; k++) {
      double difference = x[at + k] - codebooks[(m * dsub + k) * 16 + c];
      sum += difference * difference;
    }
    return sum;
  }

  /** Terms of up to some 20, each rounded at 2^-24, added up in any order. */
  private static double tolerance(int cols) {
    return 2e-5 * (cols + 1) / Math.sqrt(cols);
  }
}
