// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.util.Random;

/** Lloyd's algorithm, from random rows. */
final class KMeans {
  /** faiss's number for coarse quantizers. */
  private static final int ITERATIONS = 10;

  /** What sets the two halves of a split centroid apart, relative to its values; faiss's too. */
  private static final float SPLIT = 1f / 1024;

  private static final long SEED = 42;

  private KMeans() {}

  /**
   * Finds centroids.
   *
   * @param sample (n, d), not modified; n is at least {@code nlist}
   * @return (nlist, d), the caller's own
   */
  static float[][] centroids(float[][] sample, int nlist) {
    float[][] centroids = start(sample, nlist);
    for (int i = 0; i < ITERATIONS; i++) {
      improve(sample, centroids);
    }
    return centroids;
  }

  private static float[][] start(float[][] sample, int nlist) {
    Random random = new Random(SEED);
    int[] rows = new int[sample.length];
    float[][] centroids = new float[nlist][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i;
    }
    for (int i = 0; i < nlist; i++) {
      int other = i + random.nextInt(rows.length - i);
      int row = rows[other];
      rows[other] = rows[i];
      rows[i] = row;
      centroids[i] = sample[row].clone();
    }
    return centroids;
  }

  private static void improve(float[][] sample, float[][] centroids) {
    int d = sample[0].length;
    CoarseQuantizer quantizer = new CoarseQuantizer(centroids);
    double[][] sums = new double[centroids.length][d];
    int[] sizes = new int[centroids.length];
    for (float[] row : sample) {
      int list = quantizer.nearest(row);
      sizes[list]++;
      for (int j = 0; j < d; j++) {
        sums[list][j] += row[j];
      }
    }
    for (int list = 0; list < centroids.length; list++) {
      for (int j = 0; j < d && sizes[list] > 0; j++) {
        centroids[list][j] = (float) (sums[list][j] / sizes[list]);
      }
    }
    for (int list = 0; list < centroids.length; list++) {
      if (sizes[list] == 0) {
        split(centroids, sizes, largest(sizes), list);
      }
    }
  }

  private static int largest(int[] sizes) {
    int largest = 0;
    for (int list = 1; list < sizes.length; list++) {
      largest = sizes[list] > sizes[largest] ? list : largest;
    }
    return largest;
  }

  private static void split(float[][] centroids, int[] sizes, int from, int to) {
    for (int j = 0; j < centroids[from].length; j++) {
      float shift = (j % 2 == 0 ? SPLIT : -SPLIT) * centroids[from][j];
      centroids[to][j] = centroids[from][j] + shift;
      centroids[from][j] -= shift;
    }
    sizes[to] = sizes[from] / 2;
    sizes[from] -= sizes[to];
  }
}
