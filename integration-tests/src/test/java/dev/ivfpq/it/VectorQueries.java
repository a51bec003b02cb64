// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import java.io.IOException;
import java.lang.reflect.Modifier;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.FloatVectorSimilarityQuery;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.knn.KnnCollectorManager;

/** Queries that Lucene has no constructor for, or another one in another version. */
final class VectorQueries {
  private VectorQueries() {}

  /**
   * Lucene's own exact search: a {@code KnnFloatVectorQuery} that never asks the format and scores
   * every document, as that query does when a filter leaves only few.
   */
  static Query exact(float[] target, int k) {
    return new KnnFloatVectorQuery(SetWriter.VECTOR, target, k) {
      @Override
      protected TopDocs approximateSearch(
          LeafReaderContext context,
          AcceptDocs acceptDocs,
          int visitedLimit,
          KnnCollectorManager manager)
          throws IOException {
        return exactSearch(context, acceptDocs.iterator(), null);
      }
    };
  }

  /**
   * All vectors scored at least {@code score}. Lucene 10.6 has one class more for it than 10.5, and
   * made the common one abstract.
   */
  static Query above(float[] target, float score) {
    try {
      Class<?> type =
          Modifier.isAbstract(FloatVectorSimilarityQuery.class.getModifiers())
              ? Class.forName(FloatVectorSimilarityQuery.class.getName() + "$Adaptive")
              : FloatVectorSimilarityQuery.class;
      return (Query)
          type.getConstructor(String.class, float[].class, float.class)
              .newInstance(SetWriter.VECTOR, target, score);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
