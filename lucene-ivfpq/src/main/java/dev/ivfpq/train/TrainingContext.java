// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.train;

import dev.ivfpq.kernel.MatrixKernel;
import dev.ivfpq.kernel.Panels;
import dev.ivfpq.quant.CoarseQuantizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.lucene.search.TaskExecutor;
import org.apache.lucene.util.IORunnable;

/**
 * What long-running work needs from its surroundings: arithmetic, helping threads, and a way to be
 * stopped. Results never depend on how many threads there are.
 *
 * @param kernel the arithmetic
 * @param executor runs the parts of {@link #inParts}; may run them in the calling thread
 * @param checkAborted throws if the work should stop; called every few milliseconds
 */
public record TrainingContext(MatrixKernel kernel, TaskExecutor executor, IORunnable checkAborted) {

  private static final int MULTIPLY_PART = 64;
  private static final int LISTS_PART = 2048;

  /** Work on the rows {@code from} to {@code to - 1}, which no other part touches. */
  @FunctionalInterface
  public interface Part {
    void run(int from, int to) throws IOException;
  }

  /**
   * {@code out[i * panels.count() + j] = <a_i, row_j>}.
   *
   * @param a (n, panels.cols())
   * @param out (n, panels.count())
   */
  void multiply(float[] a, int n, Panels panels, float[] out) throws IOException {
    int cols = panels.cols();
    inParts(
        n,
        MULTIPLY_PART,
        (from, to) ->
            kernel.multiply(a, from * cols, to - from, panels, out, from * panels.count()));
  }

  /**
   * The list of each vector, that of its nearest centroid.
   *
   * @param x (n, coarse.d())
   * @return (n)
   */
  int[] lists(float[] x, int n, CoarseQuantizer coarse) throws IOException {
    int[] lists = new int[n];
    float[] distances = new float[n];
    Panels panels = kernel.pack(coarse.centroids(), coarse.nlist(), coarse.d());
    inParts(
        n,
        LISTS_PART,
        (from, to) ->
            kernel.nearest(
                x, from * coarse.d(), to - from, panels, coarse.norms(), lists, distances, from));
    return lists;
  }

  /** Cuts {@code n} rows into parts of {@code size} and runs them all. */
  public void inParts(int n, int size, Part part) throws IOException {
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int from = 0; from < n; from += size) {
      int start = from;
      tasks.add(
          () -> {
            checkAborted.run();
            part.run(start, Math.min(n, start + size));
            return null;
          });
    }
    executor.invokeAll(tasks);
  }
}
