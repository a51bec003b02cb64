// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.util.VectorUtil;

/**
 * The centroids of an index that is written.
 *
 * @param centroids (nlist, d), not copied
 */
public record CoarseQuantizer(float[][] centroids) {
  /** faiss warns below this number of training vectors a list. */
  private static final int ROWS_A_LIST = 39;

  /** What a sample takes on the heap, at most: 21,845 rows of 768 dims. */
  private static final long SAMPLE_BYTES = 64L << 20;

  /**
   * Trains one for these vectors.
   *
   * <p>sqrt(n) lists, at which a search of one list compares the fewest vectors, centroids
   * included; for n below 1,521 fewer, n/39. RVC's own n/39 is for larger n far more: then a list
   * holds some 39 vectors, too few for the eight nearest, and ranking the centroids takes longer
   * than the rest.
   *
   * @throws IOException if reading the vectors fails
   */
  public static CoarseQuantizer train(RowSource rows) throws IOException {
    float[][] sample = sample(rows);
    int nlist = (int) Math.min(Math.sqrt(rows.count()), sample.length / ROWS_A_LIST);
    return new CoarseQuantizer(KMeans.centroids(sample, Math.max(1, nlist)));
  }

  /** Evenly spread over the vectors, all of them if they fit. */
  private static float[][] sample(RowSource rows) throws IOException {
    long fit = Math.max(ROWS_A_LIST, SAMPLE_BYTES / rows.dims() / Float.BYTES);
    long count = rows.count();
    float[][] sample = new float[(int) Math.min(count, fit)][];
    int[] taken = {0};
    rows.forEach(
        (id, vector) -> {
          if (taken[0] < sample.length && id >= taken[0] * count / sample.length) {
            sample[taken[0]++] = vector.clone();
          }
        });
    return Arrays.copyOf(sample, taken[0]);
  }

  /** Number of lists. */
  public int nlist() {
    return centroids.length;
  }

  /** Dimensions. */
  int d() {
    return centroids[0].length;
  }

  /** The list whose centroid is nearest, the first of several. */
  int nearest(float[] row) {
    int nearest = 0;
    float least = Float.POSITIVE_INFINITY;
    for (int list = 0; list < centroids.length; list++) {
      float distance = VectorUtil.squareDistance(row, centroids[list]);
      if (distance < least) {
        least = distance;
        nearest = list;
      }
    }
    return nearest;
  }
}
