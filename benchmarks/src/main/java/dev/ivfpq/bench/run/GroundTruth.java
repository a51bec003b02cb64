// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import dev.ivfpq.bench.data.VectorRows;
import dev.ivfpq.bench.data.VectorSet;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.search.ScoreDoc;

/** Which vectors in memory are the true neighbours of each query. */
public final class GroundTruth {
  private final VectorSet base;
  private final KthDistances distances;

  private GroundTruth(VectorSet base, KthDistances distances) {
    this.base = base;
    this.distances = distances;
  }

  /**
   * Computes the truth on all cores.
   *
   * @param k at most the number of base vectors
   */
  public static GroundTruth compute(VectorSet base, VectorSet queries, Distance distance, int k)
      throws IOException {
    return new GroundTruth(base, KthDistances.compute(VectorRows.of(base), queries, distance, k));
  }

  /**
   * The truth kept in {@code folder} for these very inputs, or computed and put there.
   *
   * @throws IllegalArgumentException if queries have other dimensions than the base, or it has less
   *     than k vectors
   * @throws IOException if reading or writing fails
   */
  public static GroundTruth cached(
      Path folder, VectorSet base, VectorSet queries, Distance distance, int k) throws IOException {
    return new GroundTruth(
        base, KthDistances.cached(folder, VectorRows.of(base), queries, distance, k));
  }

  /** Neighbours asked for. */
  public int k() {
    return distances.k();
  }

  /** Exact distance of each query's k-th neighbour. */
  double[] kth() {
    return distances.all();
  }

  /** The vectors among which the neighbours are. */
  public VectorSet base() {
    return base;
  }

  /** The queries this is the truth of. */
  public VectorSet queries() {
    return distances.queries();
  }

  /** Whether a vector, indexed or not, is at most as far as the k-th neighbour of a query. */
  public boolean isNeighbour(int query, float[] vector) {
    return distances.isNeighbour(query, vector);
  }

  /** How many of {@code hits} are true neighbours of query number {@code query}. */
  public int right(int query, ScoreDoc[] hits) {
    int right = 0;
    for (ScoreDoc hit : hits) {
      if (isNeighbour(query, base.rows()[hit.doc])) {
        right++;
      }
    }
    return right;
  }
}
