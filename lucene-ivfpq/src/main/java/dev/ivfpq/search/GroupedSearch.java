// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import java.io.IOException;
import org.apache.lucene.search.KnnCollector;

/**
 * Finds the nearest of few accepted vectors: goes through the lists nearest first and scores each
 * accepted vector from its raw values, until enough of them are scored and the collector is full.
 *
 * <p>Estimates would save nothing: where a block holds one or two accepted vectors, scanning it
 * takes as long as scoring them.
 */
final class GroupedSearch {
  private final GroupedOrdinals accepted;
  private final ListOrder order;
  private final ExactScorer exact;
  private final KnnCollector collector;

  GroupedSearch(
      GroupedOrdinals accepted, ListOrder order, ExactScorer exact, KnnCollector collector) {
    this.accepted = accepted;
    this.order = order;
    this.exact = exact;
    this.collector = collector;
  }

  /**
   * Searches.
   *
   * @param enough accepted vectors to score, if there are as many; at least 1
   */
  void search(long enough) throws IOException {
    long scored = 0;
    int place = 0;
    while (place < order.size()) {
      while (place < order.size() && scored < enough) {
        int list = order.list(place++);
        int size = accepted.size(list);
        for (int i = 0; i < size; i++) {
          if (!exact.visit(accepted.ordinal(list, i))) {
            return;
          }
        }
        scored += size;
      }
      exact.flushVisited();
      if (collector.minCompetitiveSimilarity() != Float.NEGATIVE_INFINITY) {
        return;
      }
      // Children of one parent count once, zero vectors never.
      enough *= 2;
    }
  }
}
