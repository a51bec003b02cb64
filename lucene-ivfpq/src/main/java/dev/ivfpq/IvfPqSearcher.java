// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import dev.ivfpq.search.IvfPqVectorsReader;
import dev.ivfpq.search.SnapshotCollector;
import dev.ivfpq.search.SnapshotSearch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.Weight;

/**
 * Searches for many vectors at once, such as all frames of a recording, in one snapshot of an
 * index.
 *
 * <p>Each query gets the hits that it would get alone. Queries share their preparation: the
 * transform and the ranking of lists are matrix products of many of them, made once for all
 * segments of one model, and a filter is evaluated once. Segments are searched together, as by
 * {@link IvfPqQuery}. All work is done on the caller's thread. Safe for use by many threads, as the
 * searcher is, whose reader stays the caller's to close.
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
   * @param parameters what to do with each model
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
    List<LeafReaderContext> ours = new ArrayList<>();
    List<Foreign> foreign = new ArrayList<>();
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      FieldInfo info = leaf.reader().getFieldInfos().fieldInfo(field);
      if (info != null && info.hasVectorValues()) {
        if (LeafVectors.of(leaf.reader(), field) != null) {
          ours.add(leaf);
        } else {
          foreign.add(
              new Foreign(leaf, weight == null ? null : LeafVectors.accepted(leaf, weight)));
        }
      }
    }
    // Live documents can be gone through but once, filtered ones again and again.
    SnapshotSearch filtered = weight == null ? null : snapshot(ours, weight);
    List<TopDocs> found = new ArrayList<>(targets.size());
    // A collector's room is made at once: no more than there can be hits.
    int most = Math.max(1, Math.min(k, searcher.getIndexReader().maxDoc()));
    int step = IvfPqVectorsReader.MOST_TOGETHER;
    for (int from = 0; from < targets.size(); from += step) {
      List<float[]> some = targets.subList(from, Math.min(targets.size(), from + step));
      List<SnapshotCollector> collectors = new ArrayList<>(some.size());
      for (int i = 0; i < some.size(); i++) {
        collectors.add(new SnapshotCollector(most, parameters, searcher.getTimeout()));
      }
      (filtered != null ? filtered : snapshot(ours, null)).search(some, collectors);
      for (int i = 0; i < some.size(); i++) {
        for (Foreign segment : foreign) {
          search(segment, some.get(i), collectors.get(i));
        }
        found.add(collectors.get(i).topDocs());
      }
    }
    return found;
  }

  /**
   * A segment of another format.
   *
   * @param filtered documents to be searched; null for all live ones
   */
  private record Foreign(LeafReaderContext leaf, AcceptDocs filtered) {}

  private SnapshotSearch snapshot(List<LeafReaderContext> leaves, Weight filter) {
    List<SnapshotSearch.Segment> segments = new ArrayList<>(leaves.size());
    for (LeafReaderContext leaf : leaves) {
      segments.add(LeafVectors.segment(leaf, field, filter));
    }
    return new SnapshotSearch(field, segments);
  }

  /** A graph must not be told what other segments hold: it would end before it gets near. */
  private void search(Foreign segment, float[] target, SnapshotCollector collector)
      throws IOException {
    LeafReader reader = segment.leaf.reader();
    AcceptDocs accepted = segment.filtered;
    if (accepted == null) {
      accepted = LeafVectors.accepted(segment.leaf, null);
    } else if (accepted.cost() == 0) {
      return;
    }
    SnapshotCollector own =
        new SnapshotCollector(
            Math.min(collector.k(), reader.maxDoc()),
            collector.getSearchStrategy(),
            searcher.getTimeout());
    reader.searchNearestVectors(field, target, own, accepted);
    KnnCollector all = collector.ofSegment(segment.leaf.docBase);
    for (ScoreDoc hit : own.topDocs().scoreDocs) {
      all.collect(hit.doc, hit.score);
    }
  }

  private Weight weight(Query filter) throws IOException {
    Query rewritten = searcher.rewrite(filter);
    return searcher.createWeight(rewritten, ScoreMode.COMPLETE_NO_SCORES, 1);
  }
}
