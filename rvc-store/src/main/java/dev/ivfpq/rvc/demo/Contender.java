// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.demo;

import dev.ivfpq.rvc.StoreLayout;
import java.io.IOException;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.knn.KnnSearchStrategy;

/**
 * One way of finding a frame's neighbours by Lucene's stock query.
 *
 * @param searcher over an index with the store's fields
 * @param filter the speaker's frames
 * @param queue how many neighbours Lucene is asked for; HNSW's effort grows with it
 * @param strategy handed in with the query
 */
record Contender(IndexSearcher searcher, Query filter, int queue, KnnSearchStrategy strategy) {

  /** The best {@code k} of the queue. */
  ScoreDoc[] search(float[] frame, int k) throws IOException {
    KnnFloatVectorQuery query =
        new KnnFloatVectorQuery(
            StoreLayout.vectorField(frame.length), frame, queue, filter, strategy);
    return searcher.search(query, k).scoreDocs;
  }
}
