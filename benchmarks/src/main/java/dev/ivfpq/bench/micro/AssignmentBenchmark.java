// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

import dev.ivfpq.kernel.MatrixKernel;
import dev.ivfpq.kernel.Panels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Vectors' nearest centroids, as k-means and indexing need them. An operation is one vector. */
@State(Scope.Thread)
public class AssignmentBenchmark {
  private static final int D_OUT = 128;
  private static final int N = 256;

  /** Name of the arithmetic. */
  @Param({MatrixKernels.SCALAR, MatrixKernels.PANAMA})
  public String matrix;

  /** Number of lists. */
  @Param({"256", "1024"})
  public int nlist;

  private final int[] nearest = new int[N];
  private final float[] values = new float[N];
  private MatrixKernel kernel;
  private Panels panels;
  private float[] norms;
  private float[] x;

  /** Draws vectors and centroids. */
  @Setup
  public void draw() {
    kernel = MatrixKernels.named(matrix);
    float[] centroids = RandomFloats.of(nlist * D_OUT, 1);
    panels = kernel.pack(centroids, nlist, D_OUT);
    norms = new float[nlist];
    for (int list = 0; list < nlist; list++) {
      int at = list * D_OUT;
      norms[list] = (float) FloatCheck.dot(centroids, at, centroids, at, D_OUT);
    }
    x = RandomFloats.of(N * D_OUT, 2);
    assign();
    check(centroids);
  }

  private void check(float[] centroids) {
    for (int i = 0; i < N; i++) {
      double least = Double.POSITIVE_INFINITY;
      for (int list = 0; list < nlist; list++) {
        least = Math.min(least, squaredDistance(centroids, i, list));
      }
      double norm = FloatCheck.dot(x, i * D_OUT, x, i * D_OUT, D_OUT);
      FloatCheck.close("distance from its centroid of vector", i, least, norm + values[i]);
      double named = squaredDistance(centroids, i, nearest[i]);
      FloatCheck.close("nearest centroid's distance from vector", i, least, named);
    }
  }

  private double squaredDistance(float[] centroids, int i, int list) {
    return FloatCheck.squaredDistance(x, i * D_OUT, centroids, list * D_OUT, D_OUT);
  }

  /** One batch. */
  @Benchmark
  @OperationsPerInvocation(N)
  public int[] assign() {
    kernel.nearest(x, 0, N, panels, norms, nearest, values, 0);
    return nearest;
  }
}
