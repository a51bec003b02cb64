// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import java.io.IOException;
import java.util.List;
import org.apache.lucene.search.KnnCollector;

/**
 * Finds the nearest of few accepted vectors: goes through the lists nearest first and scores each
 * accepted vector from its raw values, until enough of them are scored and the collector is full.
 *
 * <p>Estimates would save nothing: where a block holds one or two accepted vectors, scanning it
 * takes as long as scoring them.
 */
final class GroupedSearch {
  private final List<Part> parts;
  private final ListOrder order;
  private final KnnCollector collector;

  /**
   * @param parts of segments that have these lists
   */
  GroupedSearch(List<Part> parts, ListOrder order, KnnCollector collector) {
    this.parts = parts;
    this.order = order;
    this.collector = collector;
  }

  /** The accepted vectors of a segment, and what scores them. */
  record Part(GroupedOrdinals accepted, ExactScorer exact) {

    /** Visits those of a list; false if the search is to end. */
    private boolean visit(int list) throws IOException {
      int size = accepted.size(list);
      for (int i = 0; i < size; i++) {
        if (!exact.visit(accepted.ordinal(list, i))) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * Searches.
   *
   * @param wanted accepted vectors to score, if there are as many
   */
  void search(Wanted wanted) throws IOException {
    SeenEnough seen = new SeenEnough(wanted, collector.k());
    int place = 0;
    while (place < order.size()) {
      for (; place < order.size() && !seen.isEnough(order.spread(place)); place++) {
        int list = order.list(place);
        long scored = 0;
        for (Part part : parts) {
          if (!part.visit(list)) {
            return;
          }
          scored += part.accepted.size(list);
        }
        seen.add(scored, order.spread(place));
      }
      for (Part part : parts) {
        part.exact.flushVisited();
      }
      if (collector.minCompetitiveSimilarity() != Float.NEGATIVE_INFINITY) {
        return;
      }
      // Children of one parent count once, zero vectors never.
      seen.widen(2);
    }
  }
}
