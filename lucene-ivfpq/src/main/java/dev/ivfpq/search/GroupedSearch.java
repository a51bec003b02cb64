// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.quant.Metric;
import dev.ivfpq.spec.Effort;
import java.io.IOException;
import java.util.List;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.util.NumericUtils;

/**
 * Finds the nearest of few accepted vectors: goes through the lists nearest first and scores each
 * accepted vector from its raw values, until enough of them are scored and the collector is full.
 *
 * <p>Estimates would save nothing: where a block holds one or two accepted vectors, scanning it
 * takes as long as scoring them.
 */
final class GroupedSearch {
  /**
   * So much of the reach beyond the worst hit is enough: it is taken of all that was seen, not once
   * and of candidates (ARCHITECTURE.md, "Filters").
   */
  private static final float SHARE_OF_REACH = 1 / 3f;

  /** Vectors that are scored before the search looks at its hits again. */
  private static final int STEP = 16;

  /** By how much a round that did not fill the collector is widened. */
  private static final int WIDENING = 2;

  private final List<Part> parts;
  private final ListOrder order;
  private final Metric metric;
  private final KnnCollector collector;

  /**
   * @param parts of segments that have these lists
   */
  GroupedSearch(List<Part> parts, ListOrder order, Metric metric, KnnCollector collector) {
    this.parts = parts;
    this.order = order;
    this.metric = metric;
    this.collector = collector;
  }

  /** The accepted vectors of a segment, and what scores them. */
  record Part(AcceptedByList accepted, ExactScorer exact) {

    /** Visits those of a list; returns how many, or -1 if the search is to end. */
    private int visit(int list) throws IOException {
      int size = accepted.size(list);
      for (int i = 0; i < size; i++) {
        if (!exact.visit(accepted.ordinal(list, i))) {
          return -1;
        }
      }
      return size;
    }
  }

  /**
   * Searches.
   *
   * @param wanted accepted vectors to score, if there are as many; half as many again as long as
   *     the last half gave a hit
   * @param effort of the query; a reach of +Infinity, as of inner products, whose distances may be
   *     negative, looks at all lists
   */
  void search(long wanted, Effort effort) throws IOException {
    long most = wanted;
    float factor = 1 + SHARE_OF_REACH * (effort.reach() - 1);
    long seen = 0;
    int place = 0;
    while (place < order.size()) {
      ScanGoal goal = new ScanGoal(effort.withNprobe(0), most, collector.k());
      int unscored = 0;
      for (; place < order.size(); place++) {
        if (goal.isReached(place, seen, k -> kth())
            || !Effort.isFirst(seen, most) && order.distance(place) > within(factor)) {
          break;
        }
        for (Part part : parts) {
          int visited = part.visit(order.list(place));
          if (visited < 0) {
            return;
          }
          seen += visited;
          unscored += visited;
        }
        if (unscored >= STEP) {
          score();
          unscored = 0;
        }
      }
      score();
      if (collector.minCompetitiveSimilarity() != Float.NEGATIVE_INFINITY) {
        return;
      }
      // Children of one parent count once, zero vectors never.
      most *= WIDENING;
      factor = Float.POSITIVE_INFINITY;
    }
  }

  /** The k-th hit of all seen so far, smaller when a better one has come. */
  private long kth() throws IOException {
    score();
    return -(long) NumericUtils.floatToSortableInt(collector.minCompetitiveSimilarity());
  }

  private void score() throws IOException {
    for (Part part : parts) {
      part.exact.flushVisited();
    }
  }

  /** Distance up to which a list may hold a better hit; +Infinity as long as there are not k. */
  private float within(float factor) {
    return Float.isInfinite(factor)
        ? factor
        : factor * metric.toDistance(collector.minCompetitiveSimilarity());
  }
}
