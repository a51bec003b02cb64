// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import dev.ivfpq.search.IvfPqVectorsReader;
import dev.ivfpq.search.SnapshotCollector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.search.Weight;

/**
 * Searches for many vectors at once, such as all frames of a recording, in one snapshot of an
 * index.
 *
 * <p>Each query gets the hits that it would get alone. Queries share their preparation: the
 * transform and the ranking of lists are matrix products of many of them, made once for all
 * segments of one model, and a filter is evaluated once. What a query has found in one segment
 * tells what need not be scored in the next one. All work is done on the caller's thread. Safe for
 * use by many threads, as the searcher is, whose reader stays the caller's to close.
 */
public final class IvfPqSearcher {
  private final IndexSearcher searcher;
  private final String field;

  /**
   * @param searcher over the snapshot; evaluates filters, with its cache and caching policy
   * @param field of float vectors; segments that do not have it hold no hits
   */
  public IvfPqSearcher(IndexSearcher searcher, String field) {
    this.searcher = Objects.requireNonNull(searcher, "searcher");
    this.field = Objects.requireNonNull(field, "field");
  }

  /**
   * The nearest vectors of each target, as {@code new KnnFloatVectorQuery(field, target, k)} finds
   * them.
   */
  public List<TopDocs> search(List<float[]> targets, int k) throws IOException {
    return search(targets, k, null, IvfPqSearchParameters.DEFAULT);
  }

  /**
   * The nearest vectors of each target among the documents that a filter accepts.
   *
   * @param targets each of the field's dimension and finite; not modified
   * @param k hits wanted of each, at least 1
   * @param filter null to accept all live documents
   * @param parameters what to do in each segment
   * @return best first, in the order of the targets
   * @throws IllegalArgumentException if k is below 1 or a target does not fit the field
   */
  public List<TopDocs> search(
      List<float[]> targets, int k, Query filter, IvfPqSearchParameters parameters)
      throws IOException {
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1, got k=" + k);
    }
    Objects.requireNonNull(parameters, "parameters");
    Weight weight = filter == null ? null : weight(filter);
    List<Segment> segments = new ArrayList<>();
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      FieldInfo info = leaf.reader().getFieldInfos().fieldInfo(field);
      if (info == null || !info.hasVectorValues()) {
        continue;
      }
      AcceptDocs filtered = weight == null ? null : accept(leaf, weight);
      if (filtered == null || filtered.cost() > 0) {
        segments.add(new Segment(leaf, LeafVectors.of(leaf.reader(), field), filtered));
      }
    }
    List<TopDocs> found = new ArrayList<>(targets.size());
    // A collector's room is made at once: no more than there can be hits.
    int most = Math.max(1, Math.min(k, searcher.getIndexReader().maxDoc()));
    int step = IvfPqVectorsReader.MOST_TOGETHER;
    for (int from = 0; from < targets.size(); from += step) {
      List<float[]> some = targets.subList(from, Math.min(targets.size(), from + step));
      List<SnapshotCollector> collectors = new ArrayList<>(some.size());
      for (int i = 0; i < some.size(); i++) {
        collectors.add(new SnapshotCollector(most, parameters));
      }
      for (Segment segment : segments) {
        search(segment, some, collectors);
      }
      for (SnapshotCollector collector : collectors) {
        found.add(collector.topDocs());
      }
    }
    return found;
  }

  /**
   * A segment that has vectors of the field.
   *
   * @param ours null where they are of another format
   * @param filtered documents to be searched; null for all live ones
   */
  private record Segment(LeafReaderContext leaf, IvfPqVectorsReader ours, AcceptDocs filtered) {

    /** Live documents can be gone through but once, filtered ones again and again. */
    AcceptDocs accepted() {
      LeafReader reader = leaf.reader();
      return filtered != null
          ? filtered
          : AcceptDocs.fromLiveDocs(reader.getLiveDocs(), reader.maxDoc());
    }
  }

  private void search(Segment segment, List<float[]> targets, List<SnapshotCollector> collectors)
      throws IOException {
    for (SnapshotCollector collector : collectors) {
      collector.enter(segment.leaf.docBase);
    }
    if (segment.ours != null) {
      segment.ours.search(field, targets, collectors, segment.accepted());
      return;
    }
    for (int i = 0; i < targets.size(); i++) {
      searchForeign(segment, targets.get(i), collectors.get(i));
    }
  }

  /** A graph must not be told what other segments hold: it would end before it gets near. */
  private void searchForeign(Segment segment, float[] target, SnapshotCollector collector)
      throws IOException {
    LeafReader reader = segment.leaf.reader();
    TopKnnCollector own =
        new TopKnnCollector(
            Math.min(collector.k(), reader.maxDoc()),
            Integer.MAX_VALUE,
            collector.getSearchStrategy());
    reader.searchNearestVectors(field, target, own, segment.accepted());
    for (ScoreDoc hit : own.topDocs().scoreDocs) {
      collector.collect(hit.doc, hit.score);
    }
  }

  private Weight weight(Query filter) throws IOException {
    Query rewritten = searcher.rewrite(filter);
    return searcher.createWeight(rewritten, ScoreMode.COMPLETE_NO_SCORES, 1);
  }

  /** The live documents of a leaf that a filter accepts. */
  private static AcceptDocs accept(LeafReaderContext leaf, Weight weight) throws IOException {
    LeafReader reader = leaf.reader();
    return AcceptDocs.fromIteratorSupplier(
        () -> {
          Scorer scorer = weight.scorer(leaf);
          return scorer == null ? DocIdSetIterator.empty() : scorer.iterator();
        },
        reader.getLiveDocs(),
        reader.maxDoc());
  }
}
