// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.train;

import dev.ivfpq.kernel.Panels;
import dev.ivfpq.quant.CoarseQuantizer;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Lloyd's algorithm from k-means++ seeds (Arthur and Vassilvitskii, SODA 2007), with lists kept
 * from running empty or full.
 *
 * <p><b>How it works.</b> Assignment is a blocked matrix product with the minimum taken on the fly.
 * After each of the first iterations the smallest lists, as long as they are empty or the fullest
 * holds more than {@value #FULL} times the mean, give up their centroid and split the fullest.
 *
 * <p><b>Not for</b> codebooks, which {@link CodebookTrainer} trains all at once.
 */
final class KMeans {
  private static final int ITERATIONS = 8;

  /** Iterations after which lists are still split; the ones after that settle. */
  private static final int SPLITTING_ITERATIONS = 6;

  /** A list with more than this many times the mean number of vectors is split. */
  private static final int FULL = 3;

  /** Below this share of vectors changing their list, iterations stop. */
  private static final double SETTLED = 0.002;

  /** Seeds are drawn among this many vectors per centroid: seeding is quadratic. */
  private static final int SEEDING_VECTORS_PER_CENTROID = 8;

  /** Above this many centroids seeds are drawn at random, without looking at distances. */
  private static final int MOST_SEEDS_BY_DISTANCE = 4096;

  private final TrainingContext context;
  private final float[] x;
  private final int n;
  private final int d;
  private final int k;
  private final SplittableRandom random;

  /**
   * @param x sample (n, d), not modified
   * @param k number of centroids, at most n
   */
  KMeans(TrainingContext context, float[] x, int n, int d, int k, SplittableRandom random) {
    this.context = context;
    this.x = x;
    this.n = n;
    this.d = d;
    this.k = k;
    this.random = random;
  }

  /** Runs to the end. */
  CoarseQuantizer train() throws IOException {
    CoarseQuantizer coarse = CoarseQuantizer.of(seeds(), d);
    int[] previous = new int[n];
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      int[] lists = context.lists(x, n, coarse);
      float[] centroids = means(lists, coarse.centroids());
      boolean settled = iteration > 0 && moved(lists, previous) < SETTLED * n;
      if (iteration < SPLITTING_ITERATIONS) {
        settled &= !splitFullest(lists, centroids);
      }
      coarse = CoarseQuantizer.of(centroids, d);
      if (settled) {
        break;
      }
      previous = lists;
    }
    return coarse;
  }

  /** The mean of each list's vectors; a list without any keeps its centroid. */
  private float[] means(int[] lists, float[] centroids) {
    float[] means = new float[k * d];
    int[] sizes = sizes(lists);
    for (int i = 0; i < n; i++) {
      int at = lists[i] * d;
      for (int j = 0; j < d; j++) {
        means[at + j] += x[i * d + j];
      }
    }
    for (int list = 0; list < k; list++) {
      if (sizes[list] == 0) {
        System.arraycopy(centroids, list * d, means, list * d, d);
        continue;
      }
      for (int j = list * d; j < (list + 1) * d; j++) {
        means[j] /= sizes[list];
      }
    }
    return means;
  }

  private int[] sizes(int[] lists) {
    int[] sizes = new int[k];
    for (int i = 0; i < n; i++) {
      sizes[lists[i]]++;
    }
    return sizes;
  }

  private int moved(int[] lists, int[] previous) {
    int moved = 0;
    for (int i = 0; i < n; i++) {
      if (lists[i] != previous[i]) {
        moved++;
      }
    }
    return moved;
  }

  /**
   * Lets the emptiest lists take a random member of the fullest as their centroid. Returns whether
   * any did.
   */
  private boolean splitFullest(int[] lists, float[] centroids) {
    int[] sizes = sizes(lists);
    long[] bySize = new long[k];
    for (int list = 0; list < k; list++) {
      bySize[list] = ((long) sizes[list] << 32) | list;
    }
    Arrays.sort(bySize);
    double mean = (double) n / k;
    int emptiest = 0;
    int fullest = k - 1;
    while (emptiest < fullest) {
      int full = (int) bySize[fullest];
      int empty = (int) bySize[emptiest];
      boolean worthwhile =
          sizes[empty] == 0
              ? sizes[full] > 1
              : sizes[full] > FULL * mean && sizes[empty] < mean / 2;
      if (!worthwhile) {
        break;
      }
      int member = member(lists, full, random.nextInt(sizes[full]));
      System.arraycopy(x, member * d, centroids, empty * d, d);
      emptiest++;
      fullest--;
    }
    return emptiest > 0;
  }

  private int member(int[] lists, int list, int rank) {
    for (int i = 0; ; i++) {
      if (lists[i] == list && rank-- == 0) {
        return i;
      }
    }
  }

  private float[] seeds() throws IOException {
    return k > MOST_SEEDS_BY_DISTANCE ? randomSeeds() : seedsByDistance();
  }

  private float[] randomSeeds() {
    int[] chosen = SampleOrdinals.draw(n, k, random);
    float[] seeds = new float[k * d];
    for (int i = 0; i < k; i++) {
      System.arraycopy(x, chosen[i] * d, seeds, i * d, d);
    }
    return seeds;
  }

  /** k-means++: each seed is a vector drawn with probability proportional to D². */
  private float[] seedsByDistance() throws IOException {
    int[] pool = SampleOrdinals.draw(n, SEEDING_VECTORS_PER_CENTROID * k, random);
    int size = pool.length;
    float[] rows = new float[size * d];
    float[] norms = new float[size];
    for (int i = 0; i < size; i++) {
      System.arraycopy(x, pool[i] * d, rows, i * d, d);
      norms[i] = squaredNorm(rows, i * d);
    }
    Panels panels = context.kernel().pack(rows, size, d);
    float[] seeds = new float[k * d];
    float[] products = new float[size];
    double[] nearest = new double[size];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    int chosen = random.nextInt(size);
    for (int seed = 0; seed < k; seed++) {
      if (seed % 64 == 0) {
        context.checkAborted().run();
      }
      System.arraycopy(rows, chosen * d, seeds, seed * d, d);
      context.kernel().multiply(seeds, seed * d, 1, panels, products, 0);
      double total = 0;
      for (int i = 0; i < size; i++) {
        double distance = (double) norms[i] + norms[chosen] - 2.0 * products[i];
        nearest[i] = Math.max(0, Math.min(nearest[i], distance));
        total += nearest[i];
      }
      chosen = draw(nearest, total);
    }
    return seeds;
  }

  private int draw(double[] weights, double total) {
    if (!(total > 0)) {
      return random.nextInt(weights.length);
    }
    double rest = random.nextDouble() * total;
    for (int i = 0; i < weights.length; i++) {
      rest -= weights[i];
      if (rest < 0) {
        return i;
      }
    }
    return weights.length - 1;
  }

  private float squaredNorm(float[] rows, int offset) {
    float sum = 0;
    for (int j = offset; j < offset + d; j++) {
      sum += rows[j] * rows[j];
    }
    return sum;
  }
}
