// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.quant.Metric;
import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.util.Bits;

/**
 * Scores candidates exactly in the order of their estimates, as long as the next one may still
 * compete.
 *
 * <p>An easy query so reads few raw vectors and a hard one many ({@link ErrorModel}). The number of
 * candidates is a cap.
 */
final class Reranker {
  private final Rows rows;
  private final KnnCollector collector;
  private final Metric metric;
  private final ErrorModel errors;
  private Bits without;
  private int[] scored = new int[64];
  private int size;
  private float best = Float.NEGATIVE_INFINITY;

  /**
   * @param errors of the estimates, as far as they are known
   */
  Reranker(Rows rows, KnnCollector collector, Metric metric, ErrorModel errors) {
    this.rows = rows;
    this.collector = collector;
    this.metric = metric;
    this.errors = errors;
  }

  /**
   * Starts a round.
   *
   * @param collected ordinals that were collected in rounds before; null for none
   */
  void start(Bits collected) {
    size = 0;
    without = collected;
  }

  /**
   * Scores and collects the nearest of what candidates there are so far.
   *
   * @return exact distance of the k-th hit; +Infinity if there are fewer hits
   */
  float farthest(CandidateReservoir candidates) throws IOException {
    Candidates nearest = candidates.take(ErrorModel.first(collector.k()));
    score(nearest.next(nearest.left(), rows::ordinal));
    return metric.toDistance(collector.minCompetitiveSimilarity());
  }

  /**
   * Scores and collects.
   *
   * @return the ordinals scored in this round, ascending
   */
  int[] rerank(Candidates candidates) throws IOException {
    int step = errors.isKnown() ? ErrorModel.STEP : ErrorModel.first(collector.k());
    while (candidates.left() > 0) {
      float farthest = metric.toDistance(collector.minCompetitiveSimilarity());
      float reach = errors.reach(farthest);
      long[] keys = candidates.next(errors.scoresAll() ? candidates.left() : step, rows::ordinal);
      if (DistanceKey.distance(keys[0]) > reach) {
        break;
      }
      score(keys);
      step = ErrorModel.STEP;
    }
    int[] ordinals = Arrays.copyOf(scored, size);
    Arrays.sort(ordinals);
    for (int i = 1; i < ordinals.length; i++) {
      if (ordinals[i] == ordinals[i - 1]) {
        throw rows.heldTwice(ordinals[i]);
      }
    }
    return ordinals;
  }

  /** The best exact score so far. */
  float best() {
    return best;
  }

  private void score(long[] keys) throws IOException {
    int count = 0;
    long[] byOrdinal = new long[keys.length];
    for (int i = 0; i < keys.length; i++) {
      int ordinal = DistanceKey.id(keys[i]);
      if (without == null || !without.get(ordinal)) {
        byOrdinal[count++] = (long) ordinal << 32 | i;
      }
    }
    Arrays.sort(byOrdinal, 0, count);
    int[] ordinals = new int[count];
    for (int i = 0; i < count; i++) {
      ordinals[i] = (int) (byOrdinal[i] >>> 32);
    }
    float[] scores = new float[count];
    rows.score(ordinals, count, scores);
    for (int i = 0; i < count; i++) {
      if (!Float.isNaN(scores[i])) {
        best = Math.max(best, scores[i]);
        float estimate = DistanceKey.distance(keys[(int) byOrdinal[i]]);
        errors.add(metric.toDistance(scores[i]), estimate);
      }
    }
    if (size + count > scored.length) {
      scored = Arrays.copyOf(scored, Math.max(size + count, 2 * size));
    }
    System.arraycopy(ordinals, 0, scored, size, count);
    size += count;
  }
}
