// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.filter;

import dev.ivfpq.bench.run.Ask;
import dev.ivfpq.bench.run.Setting;
import java.io.IOException;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.knn.KnnSearchStrategy;

/**
 * One index searched in one way, with a filter.
 *
 * @param queue how many neighbours Lucene is asked for, of which the k best are kept
 */
record FilteredAsk(
    FilterIndex index, Query filter, String setting, int queue, KnnSearchStrategy strategy)
    implements Ask {

  /** Nothing but the question. */
  static FilteredAsk plain(FilterIndex index, Query filter, int k) {
    return new FilteredAsk(index, filter, "default", k, KnnSearchStrategy.Hnsw.DEFAULT);
  }

  /**
   * A graph.
   *
   * @param threshold filters that accept a smaller share, in per cent, are searched for with
   *     Lucene's filtered graph search, which scores accepted vectors alone
   */
  static FilteredAsk graph(FilterIndex index, Query filter, int queue, int threshold) {
    return new FilteredAsk(
        index,
        filter,
        "queue=" + queue + " filteredSearchThreshold=" + threshold,
        queue,
        new KnnSearchStrategy.Hnsw(threshold));
  }

  @Override
  public ScoreDoc[] search(float[] target, int k) throws IOException {
    return index
        .searcher()
        .search(new KnnFloatVectorQuery(Setting.FIELD, target, queue, filter, strategy), k)
        .scoreDocs;
  }

  String words() {
    return index.kind().name() + " " + setting;
  }
}
