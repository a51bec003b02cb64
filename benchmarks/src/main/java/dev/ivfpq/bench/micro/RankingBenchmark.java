// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

import dev.ivfpq.kernel.MatrixKernel;
import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.util.NumericUtils;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Lists ranked by their centroids' squared distances from a rotated query, written out here as the
 * search does it: centroids stay in their file, the norms behind them are read. An operation is one
 * query.
 */
@State(Scope.Thread)
public class RankingBenchmark {
  private static final int D_OUT = 128;

  /** Name of the arithmetic. */
  @Param({MatrixKernels.SCALAR, MatrixKernels.PANAMA})
  public String matrix;

  /** Number of lists. */
  @Param({"256", "1024"})
  public int nlist;

  private MatrixKernel kernel;
  private MappedFile file;
  private float[] y;
  private float norm;

  /** Writes centroids and norms. */
  @Setup
  public void open() throws IOException {
    kernel = MatrixKernels.named(matrix);
    float[] centroids = RandomFloats.of(nlist * D_OUT, 1);
    float[] withNorms = Arrays.copyOf(centroids, nlist * D_OUT + nlist);
    for (int list = 0; list < nlist; list++) {
      int at = list * D_OUT;
      withNorms[nlist * D_OUT + list] = (float) FloatCheck.dot(centroids, at, centroids, at, D_OUT);
    }
    file = MappedFile.of(withNorms);
    y = RandomFloats.of(D_OUT, 2);
    norm = (float) FloatCheck.dot(y, 0, y, 0, D_OUT);
    float[] distances = distances();
    for (int list = 0; list < nlist; list++) {
      double expected = FloatCheck.squaredDistance(centroids, list * D_OUT, y, 0, D_OUT);
      FloatCheck.close("distance of list", list, expected, distances[list]);
    }
    checkOrder(distances, order());
  }

  private void checkOrder(float[] distances, long[] keys) {
    for (int i = 0; i < nlist; i++) {
      float distance = distances[(int) keys[i]];
      if (i > 0 && distance < distances[(int) keys[i - 1]]) {
        throw new IllegalStateException("list at rank " + i + " is nearer than the one before");
      }
    }
  }

  /** Unmaps the centroids. */
  @TearDown
  public void close() throws IOException {
    file.close();
  }

  /** The distances. */
  @Benchmark
  public float[] distances() throws IOException {
    float[] products = new float[nlist];
    kernel.multiply(file.input(), nlist, D_OUT, y, 1, products);
    IndexInput input = file.input();
    input.seek((long) nlist * D_OUT * Float.BYTES);
    float[] distances = new float[nlist];
    input.readFloats(distances, 0, nlist);
    for (int list = 0; list < nlist; list++) {
      distances[list] = Math.max(0, norm + distances[list] - 2 * products[list]);
    }
    return distances;
  }

  /** The distances, and all lists sorted by them. */
  @Benchmark
  public long[] order() throws IOException {
    float[] distances = distances();
    long[] keys = new long[nlist];
    for (int list = 0; list < nlist; list++) {
      keys[list] = (long) NumericUtils.floatToSortableInt(distances[list]) << 32 | list;
    }
    Arrays.sort(keys);
    return keys;
  }
}
