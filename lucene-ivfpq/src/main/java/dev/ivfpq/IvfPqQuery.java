// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import dev.ivfpq.search.SnapshotCollector;
import dev.ivfpq.search.SnapshotSearch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TimeLimitingKnnCollectorManager;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopDocsCollector;
import org.apache.lucene.search.Weight;

/**
 * A {@link KnnFloatVectorQuery} that searches the segments of this format together, not one by one.
 *
 * <p>Segments that share a model are searched as if they were merged: a query is prepared once, a
 * filter is answered the way that is the cheapest for all of them, and what one segment holds tells
 * what need not be scored in another. Several models share what may be visited by where the nearest
 * lists are. nprobe and kFactor, where they are named, are those of each model, not of each
 * segment.
 *
 * <p>Segments of other formats are searched as by the stock query, whose behaviour this has in
 * everything else. All segments of this format are searched by one thread, even where the {@link
 * IndexSearcher} has an executor. Readers that wrap a segment are looked through: their fields and
 * live documents count, their searches of vectors are not called.
 */
public final class IvfPqQuery extends KnnFloatVectorQuery {

  /**
   * @param field of float vectors
   * @param target of the field's dimension and finite; not modified, and not to be
   * @param k hits wanted, at least 1
   * @throws IllegalArgumentException if k is below 1 or a component is not finite
   */
  public IvfPqQuery(String field, float[] target, int k) {
    this(field, target, k, null);
  }

  /**
   * The same among the documents that a filter accepts.
   *
   * @param filter null to accept all live documents
   */
  public IvfPqQuery(String field, float[] target, int k, Query filter) {
    this(field, target, k, filter, IvfPqSearchParameters.DEFAULT);
  }

  /**
   * The same with settings.
   *
   * @param parameters what to do with each model
   */
  public IvfPqQuery(
      String field, float[] target, int k, Query filter, IvfPqSearchParameters parameters) {
    super(field, target, k, filter, Objects.requireNonNull(parameters, "parameters"));
  }

  @Override
  public Query rewrite(IndexSearcher searcher) throws IOException {
    return new OneSearch(this, searcher.getIndexReader().leaves()).rewrite(searcher);
  }

  /**
   * One search of one reader. Lucene's query does all of it, but the first segment of this format
   * answers for all of them.
   */
  private static final class OneSearch extends KnnFloatVectorQuery {
    /** The leaves of this format, in their order. */
    private final Set<LeafReaderContext> ours = new LinkedHashSet<>();

    private TopDocs answer;

    OneSearch(IvfPqQuery query, List<LeafReaderContext> leaves) {
      super(query.field, query.target, query.k, query.filter, query.searchStrategy);
      for (LeafReaderContext leaf : leaves) {
        if (LeafVectors.ofFloats(leaf.reader(), field) != null) {
          ours.add(leaf);
        }
      }
    }

    @Override
    protected TopDocs searchLeaf(
        LeafReaderContext leaf, Weight filter, TimeLimitingKnnCollectorManager manager)
        throws IOException {
      if (!ours.contains(leaf)) {
        return super.searchLeaf(leaf, filter, manager);
      }
      if (leaf != ours.iterator().next()) {
        return TopDocsCollector.EMPTY_TOPDOCS;
      }
      // Lucene looks again where all hits of a segment are among the best: nothing more is found.
      if (answer == null) {
        answer = searchOurs(filter, manager);
      }
      return answer;
    }

    private TopDocs searchOurs(Weight filter, TimeLimitingKnnCollectorManager manager)
        throws IOException {
      List<SnapshotSearch.Segment> segments = new ArrayList<>(ours.size());
      int size = 0;
      for (LeafReaderContext leaf : ours) {
        segments.add(LeafVectors.segment(leaf, field, filter));
        size += leaf.reader().maxDoc();
      }
      // A collector's room is made at once: no more than there can be hits.
      SnapshotCollector collector =
          new SnapshotCollector(Math.min(k, size), searchStrategy, manager.getQueryTimeout());
      new SnapshotSearch(field, segments).search(List.of(target), List.of(collector));
      return collector.topDocs();
    }
  }
}
