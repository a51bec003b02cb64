// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import org.apache.lucene.index.QueryTimeout;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.search.TotalHits;
import org.apache.lucene.search.knn.KnnSearchStrategy;

/**
 * The k best of a whole snapshot: what the k-th best so far is tells, whichever segment it is of,
 * what need not be scored any more.
 */
public final class SnapshotCollector extends KnnCollector.Decorator {
  private final QueryTimeout timeout;

  /**
   * @param timeout ends the search; null for none
   */
  public SnapshotCollector(int k, KnnSearchStrategy strategy, QueryTimeout timeout) {
    super(new TopKnnCollector(k, Integer.MAX_VALUE, strategy));
    this.timeout = timeout;
  }

  /** Takes a segment's own documents, the first of which is {@code docBase} of the snapshot. */
  public KnnCollector ofSegment(int docBase) {
    return new KnnCollector.Decorator(this) {
      @Override
      public boolean collect(int docId, float similarity) {
        return super.collect(docBase + docId, similarity);
      }
    };
  }

  @Override
  public boolean earlyTerminated() {
    return timeout != null && timeout.shouldExit() || super.earlyTerminated();
  }

  /** The hits, best first; no exact number of visited vectors where the search was ended. */
  @Override
  public TopDocs topDocs() {
    TopDocs hits = super.topDocs();
    return earlyTerminated()
        ? new TopDocs(
            new TotalHits(hits.totalHits.value(), TotalHits.Relation.GREATER_THAN_OR_EQUAL_TO),
            hits.scoreDocs)
        : hits;
  }
}
