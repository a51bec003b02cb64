// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import java.io.IOException;
import org.apache.lucene.search.AbstractKnnCollector;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/**
 * Scores vectors from their raw values, {@value #BATCH} at a time in ordinal order, and hands them
 * to the collector.
 */
final class ExactScorer {
  /** Lucene's own exhaustive search asks for early termination this often. */
  private static final int BATCH = 64;

  private final RandomVectorScorer scorer;
  private final KnnCollector collector;
  private final Bits accepted;
  private final int[] ordinals = new int[BATCH];
  private final float[] scores = new float[BATCH];
  private int size;

  /**
   * @param accepted ordinals, whatever damaged lists say; null for all
   */
  ExactScorer(RandomVectorScorer scorer, KnnCollector collector, Bits accepted) {
    this.scorer = scorer;
    this.collector = collector;
    this.accepted = accepted;
  }

  /** The accepted ordinals; null for all. */
  Bits accepted() {
    return accepted;
  }

  /** Collects a vector by a score that is not exact. */
  void collect(int ordinal, float score) {
    if (accepted == null || accepted.get(ordinal)) {
      collector.collect(scorer.ordToDoc(ordinal), score);
    }
  }

  /** Scores every accepted vector of the field and counts it as visited. */
  void scoreAll() throws IOException {
    for (int ordinal = 0; ordinal < scorer.maxOrd(); ordinal++) {
      if ((accepted == null || accepted.get(ordinal)) && !visit(ordinal)) {
        return;
      }
    }
    flushVisited();
  }

  /** Scores these vectors and counts them as visited. */
  void scoreAll(int[] accepted) throws IOException {
    for (int ordinal : accepted) {
      if (!visit(ordinal)) {
        return;
      }
    }
    flushVisited();
  }

  /**
   * Scores vectors that were counted as visited before.
   *
   * @param ordinals ascending
   * @param scores out, as many; NaN where there is none
   */
  void score(int[] ordinals, int count, float[] scores) throws IOException {
    scorer.bulkScore(ordinals, scores, count);
    for (int i = 0; i < count; i++) {
      // COSINE of a zero vector is NaN, which no exact query of Lucene returns either.
      if (!Float.isNaN(scores[i])) {
        collect(ordinals[i], scores[i]);
      }
    }
  }

  /**
   * Scores vectors that were counted as visited before, for a collector that takes every vector
   * above a score; returns how many of them it took.
   *
   * @param candidates at most {@value #BATCH}
   */
  int countHits(int[] candidates) throws IOException {
    scorer.bulkScore(candidates, scores, candidates.length);
    int hits = 0;
    for (int i = 0; i < candidates.length; i++) {
      if (!Float.isNaN(scores[i])) {
        long before = collected();
        // Where the collector cannot tell: only a refused score moves the minimum.
        float minimum = collector.minCompetitiveSimilarity();
        collect(candidates[i], scores[i]);
        boolean taken =
            before < 0 ? collector.minCompetitiveSimilarity() == minimum : collected() > before;
        hits += taken ? 1 : 0;
      }
    }
    return hits;
  }

  /** How many vectors the collector has taken; -1 if it does not say. */
  private int collected() {
    return collector instanceof AbstractKnnCollector known ? known.numCollected() : -1;
  }

  /**
   * Whether a collector for k = 1 turns out to take every vector above a score, after some were
   * scored: then it has taken another number than one, or still takes worse ones than the best.
   *
   * @param best score of those scored; -Infinity if none was
   */
  boolean turnsOutRange(float best) {
    if (best == Float.NEGATIVE_INFINITY) {
      return false;
    }
    int taken = collected();
    return taken >= 0 && taken != 1 || collector.minCompetitiveSimilarity() < best;
  }

  /** Scores a vector with the next ones and counts it as visited; false if the search is to end. */
  boolean visit(int ordinal) throws IOException {
    if (size == 0 && collector.earlyTerminated()) {
      return false;
    }
    ordinals[size++] = ordinal;
    if (size == BATCH) {
      flushVisited();
    }
    return true;
  }

  /** Scores what {@link #visit} has left to be scored. */
  void flushVisited() throws IOException {
    if (size > 0) {
      collector.incVisitedCount(size);
    }
    flush();
  }

  private void flush() throws IOException {
    if (size == 0) {
      return;
    }
    score(ordinals, size, scores);
    size = 0;
  }
}
