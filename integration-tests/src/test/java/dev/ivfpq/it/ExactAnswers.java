// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.lucene.index.VectorSimilarityFunction;

/**
 * Brute force: the distance of every vector to every query.
 *
 * <p>Squared L2 under EUCLIDEAN, the negative inner product otherwise, so that smaller is nearer;
 * under COSINE the set must be normalized. Summed in double precision by loops that share nothing
 * with what is tested. Holds 4 bytes for each pair of query and vector.
 */
final class ExactAnswers {
  /** A real voice holds equal frames, and float sums differ with their order. */
  private static final double TOLERANCE = 1e-6;

  /** Vectors read again and again while they are in the processor's cache. */
  private static final int BLOCK = 256;

  private final float[][] distances;

  private ExactAnswers(float[][] distances) {
    this.distances = distances;
  }

  static ExactAnswers to(VectorSet set, VectorSimilarityFunction similarity) {
    float[][] distances = new float[set.queries().length][set.size()];
    int blocks = (set.size() + BLOCK - 1) / BLOCK;
    IntStream.range(0, blocks)
        .parallel()
        .forEach(
            block -> {
              int end = Math.min(set.size(), (block + 1) * BLOCK);
              for (int query = 0; query < distances.length; query++) {
                float[] target = set.queries()[query];
                for (int id = block * BLOCK; id < end; id++) {
                  distances[query][id] =
                      (float)
                          (similarity == VectorSimilarityFunction.EUCLIDEAN
                              ? squaredL2(target, set.base()[id])
                              : -innerProduct(target, set.base()[id]));
                }
              }
            });
    return new ExactAnswers(distances);
  }

  /** Two sums, since each waits for its own last addition. */
  private static double squaredL2(float[] a, float[] b) {
    double even = 0;
    double odd = 0;
    int j = 0;
    for (; j + 1 < a.length; j += 2) {
      double first = (double) a[j] - b[j];
      double second = (double) a[j + 1] - b[j + 1];
      even += first * first;
      odd += second * second;
    }
    double last = j < a.length ? (double) a[j] - b[j] : 0;
    return even + odd + last * last;
  }

  private static double innerProduct(float[] a, float[] b) {
    double even = 0;
    double odd = 0;
    int j = 0;
    for (; j + 1 < a.length; j += 2) {
      even += (double) a[j] * b[j];
      odd += (double) a[j + 1] * b[j + 1];
    }
    return even + odd + (j < a.length ? (double) a[j] * b[j] : 0);
  }

  /** Whether a vector is as near to the query as one at {@code kth}, but for rounding. */
  boolean isWithin(int query, int id, float kth) {
    return within(distances[query][id], kth);
  }

  /** The distance of the k-th nearest accepted vector, of which there must be k. */
  float kth(int query, int k, IntPredicate accepted) {
    return kth(distances[query], k, accepted);
  }

  /** The k-th nearest of all. */
  float kth(int query, int k) {
    return kth(query, k, id -> true);
  }

  /** Number of vectors at least as near as {@code kth}. */
  long count(int query, float kth) {
    return IntStream.range(0, distances[query].length)
        .filter(id -> within(distances[query][id], kth))
        .count();
  }

  /** Of each group of vectors the distance of the nearest one. */
  float[] nearestOfGroups(int query, int[] groupOf, int groups) {
    float[] nearest = new float[groups];
    Arrays.fill(nearest, Float.POSITIVE_INFINITY);
    for (int id = 0; id < groupOf.length; id++) {
      nearest[groupOf[id]] = Math.min(nearest[groupOf[id]], distances[query][id]);
    }
    return nearest;
  }

  /** The k-th smallest accepted value. */
  static float kth(float[] values, int k, IntPredicate accepted) {
    float[] smallest = new float[k];
    Arrays.fill(smallest, Float.POSITIVE_INFINITY);
    for (int i = 0; i < values.length; i++) {
      if (values[i] < smallest[k - 1] && accepted.test(i)) {
        int found = Arrays.binarySearch(smallest, values[i]);
        int at = found < 0 ? -found - 1 : found;
        System.arraycopy(smallest, at, smallest, at + 1, k - 1 - at);
        smallest[at] = values[i];
      }
    }
    if (smallest[k - 1] == Float.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("fewer than " + k + " values are accepted");
    }
    return smallest[k - 1];
  }

  /** Whether a vector at {@code distance} is as near as one at {@code kth}, but for rounding. */
  static boolean within(float distance, float kth) {
    return distance <= kth + TOLERANCE * Math.abs(kth);
  }
}
