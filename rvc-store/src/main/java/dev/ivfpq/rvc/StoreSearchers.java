// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.IOException;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.LRUQueryCache;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryCachingPolicy;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;

/**
 * Makes searchers that keep the filters of speakers and muted clips as bit sets; Lucene's own
 * policy never keeps a term query, and every search would decode the speaker's frames anew.
 */
public final class StoreSearchers extends SearcherFactory {
  /** At one bit a frame of the store each. */
  private static final int MAX_FILTERS = 64;

  private static final long MAX_BYTES = 32L << 20;

  private static final QueryCachingPolicy FILTERS =
      new QueryCachingPolicy() {
        @Override
        public void onUse(Query query) {}

        @Override
        public boolean shouldCache(Query query) {
          return query instanceof BooleanQuery
              || query instanceof TermInSetQuery
              || (query instanceof TermQuery term
                  && term.getTerm().field().equals(StoreLayout.SPEAKER));
        }
      };

  private final LRUQueryCache cache =
      new LRUQueryCache(MAX_FILTERS, MAX_BYTES, leaf -> true, Float.MAX_VALUE);

  /** A factory with a cache of its own. */
  public StoreSearchers() {}

  @Override
  public IndexSearcher newSearcher(IndexReader reader, IndexReader previousReader) {
    return withFilters(new IndexSearcher(reader));
  }

  /** A factory of a store's snapshots, with the same cache. */
  SearcherFactory snapshots() {
    return new SearcherFactory() {
      @Override
      public IndexSearcher newSearcher(IndexReader reader, IndexReader previousReader)
          throws IOException {
        return withFilters(new StoreSearcher(reader));
      }
    };
  }

  private IndexSearcher withFilters(IndexSearcher searcher) {
    searcher.setQueryCache(cache);
    searcher.setQueryCachingPolicy(FILTERS);
    return searcher;
  }
}
