// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.spec.Effort;
import java.io.IOException;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.SparseFixedBitSet;

/**
 * Finds the nearest vectors of one query: scans lists, re-ranks the best candidates, and goes on
 * with more lists and candidates while the collector is not full.
 *
 * <p>The nearest lists tell how near hits are: candidates of theirs are re-ranked at once, and
 * lists that are far beside the k-th hit are not scanned.
 */
final class NearestSearch {
  /** By how much a round that did not fill the collector is widened. */
  private static final int WIDENING = 4;

  private final FieldMeta meta;
  private final Walk walk;
  private final Rows rows;
  private final KnnCollector collector;

  /**
   * @param meta of the field in one of the segments
   * @param walk over the lists of one segment, or of several that share a model
   * @param rows of the same
   */
  NearestSearch(FieldMeta meta, Walk walk, Rows rows, KnnCollector collector) {
    this.meta = meta;
    this.walk = walk;
    this.rows = rows;
    this.collector = collector;
  }

  /**
   * Searches.
   *
   * @param effort how much to scan and to re-rank
   * @param wanted accepted vectors to see, whatever the effort
   * @return null; or the ordinals scored so far, if the collector turned out to take every vector
   *     above a score, whose search is another one
   */
  int[] search(Effort effort, long wanted) throws IOException {
    // Without codes nothing tells candidates apart: all of them are scored exactly.
    boolean coded = meta.lists().M() > 0;
    long pool = coded ? (long) Math.ceil((double) effort.kFactor() * collector.k()) : rows.size();
    float margin = coded ? effort.margin() : Float.POSITIVE_INFINITY;
    // Estimates do not tell how near the hits are.
    Effort scanned = meta.lists().rerank() ? effort : effort.everywhere();
    long seen = wanted;
    Reranker reranker = new Reranker(rows, collector, meta.metric(), new ErrorModel(margin));
    SparseFixedBitSet collected = null;
    while (true) {
      CandidateReservoir candidates = new CandidateReservoir((int) Math.min(pool, rows.size()));
      reranker.start(collected);
      scan(candidates, scanned, seen, reranker);
      int[] ordinals =
          meta.lists().rerank()
              ? reranker.rerank(candidates.candidates())
              : collectEstimates(candidates.candidates(), collected);
      if (collector.k() == 1 && meta.lists().rerank() && rows.turnsOutRange(reranker.best())) {
        return ordinals;
      }
      boolean full = collector.minCompetitiveSimilarity() != Float.NEGATIVE_INFINITY;
      boolean more = pool < rows.size() && candidates.hasDropped() || walk.hasNext();
      if (full || !more || collector.earlyTerminated()) {
        return null;
      }
      // Fewer hits than candidates: children of one parent count once, zero vectors never.
      if (collected == null) {
        collected = new SparseFixedBitSet(rows.size());
      }
      for (int ordinal : ordinals) {
        collected.set(ordinal);
      }
      pool *= WIDENING;
      scanned = scanned.widened(WIDENING);
      seen *= WIDENING;
      walk.restart();
    }
  }

  /** Scans lists up to the goal; after the first of them none that is far beside the hits. */
  private void scan(CandidateReservoir candidates, Effort effort, long wanted, Reranker reranker)
      throws IOException {
    ScanGoal goal = new ScanGoal(effort, wanted, collector.k());
    long seen = 0;
    boolean looked = effort.reach() == Float.POSITIVE_INFINITY;
    float within = Float.POSITIVE_INFINITY;
    for (int probed = 0; walk.hasNext() && !collector.earlyTerminated(); probed++) {
      if (goal.isReached(probed, seen, candidates)) {
        return;
      }
      if (!looked && !Effort.isFirst(probed, effort.nprobe()) && !Effort.isFirst(seen, wanted)) {
        looked = true;
        within = effort.reach() * reranker.farthest(candidates);
      }
      if (walk.distance() > within) {
        return;
      }
      seen += walk.scanNext(candidates);
    }
  }

  /** Collects estimates where nothing is to be re-ranked; returns the ordinals. */
  private int[] collectEstimates(Candidates candidates, Bits without) throws IOException {
    long[] keys = candidates.next(candidates.left(), rows::ordinal);
    int[] ordinals = new int[keys.length];
    for (int i = 0; i < keys.length; i++) {
      ordinals[i] = DistanceKey.id(keys[i]);
      if (without == null || !without.get(ordinals[i])) {
        float score = meta.metric().toScore(DistanceKey.distance(keys[i]));
        rows.collect(ordinals[i], score);
      }
    }
    return ordinals;
  }
}
