// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ivfpq.IvfPqFieldStats;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;

/** Searches an index of one segment, and tells hits by the ids of their vectors. */
final class SetSearcher implements Closeable {
  private final VisitCounter reader;
  private final IndexSearcher searcher;
  private final IvfPqFieldStats stats;
  private final int[] ids;

  /** A vector and its score. */
  record Hit(int id, float score) {}

  /**
   * What a search gave.
   *
   * @param hits best first
   * @param visited number of vectors the format says it visited
   */
  record Answer(List<Hit> hits, long visited) {}

  SetSearcher(Directory directory) throws IOException {
    reader = new VisitCounter(DirectoryReader.open(directory));
    searcher = new IndexSearcher(reader);
    searcher.setQueryCache(null);
    assertEquals(1, reader.leaves().size(), "segments");
    assertEquals(0, reader.numDeletedDocs(), "deleted documents");
    LeafReader leaf = reader.leaves().get(0).reader();
    stats = IvfPqFieldStats.of(leaf, SetWriter.VECTOR).orElseThrow();
    assertTrue(stats.nlist() > 1, () -> "lists must have been built, got " + stats);
    ids = new int[leaf.maxDoc()];
    NumericDocValues values = leaf.getNumericDocValues(SetWriter.ID);
    while (values.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
      ids[values.docID()] = (int) values.longValue();
    }
  }

  IvfPqFieldStats stats() {
    return stats;
  }

  Answer search(Query query, int k) throws IOException {
    reader.take();
    List<Hit> hits = new ArrayList<>();
    for (ScoreDoc doc : searcher.search(query, k).scoreDocs) {
      hits.add(new Hit(ids[doc.doc], doc.score));
    }
    return new Answer(hits, reader.take());
  }

  /** All that the query matches. */
  Answer searchAll(Query query) throws IOException {
    return search(query, reader.maxDoc());
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
