// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import dev.ivfpq.search.IvfPqVectorsReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
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
import org.apache.lucene.util.Bits;

/**
 * Searches for many vectors at once, such as all frames of a recording, in one snapshot of an
 * index.
 *
 * <p>Each query gets the hits that it would get alone: the k nearest of every segment, of which the
 * k best are kept, in Lucene's order. Queries share their preparation: the transform and the
 * ranking of lists are matrix products of many of them, and a filter is evaluated once. All work is
 * done on the caller's thread. Safe for use by many threads, as the searcher is, whose reader stays
 * the caller's to close.
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
    List<List<TopDocs>> found = new ArrayList<>();
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      FieldInfo info = leaf.reader().getFieldInfos().fieldInfo(field);
      AcceptDocs accepted = info == null || !info.hasVectorValues() ? null : accept(leaf, weight);
      if (accepted != null) {
        found.add(search(leaf, targets, k, accepted, parameters));
      }
    }
    List<TopDocs> merged = new ArrayList<>(targets.size());
    for (int i = 0; i < targets.size(); i++) {
      TopDocs[] perLeaf = new TopDocs[found.size()];
      for (int leaf = 0; leaf < perLeaf.length; leaf++) {
        perLeaf[leaf] = found.get(leaf).get(i);
      }
      merged.add(perLeaf.length == 1 ? perLeaf[0] : TopDocs.merge(k, perLeaf));
    }
    return merged;
  }

  private Weight weight(Query filter) throws IOException {
    Query rewritten = searcher.rewrite(filter);
    return searcher.createWeight(rewritten, ScoreMode.COMPLETE_NO_SCORES, 1);
  }

  /** The documents of a leaf that are to be searched; null if there are none. */
  private static AcceptDocs accept(LeafReaderContext leaf, Weight weight) throws IOException {
    LeafReader reader = leaf.reader();
    Bits live = reader.getLiveDocs();
    if (weight == null) {
      return AcceptDocs.fromLiveDocs(live, reader.maxDoc());
    }
    AcceptDocs accepted =
        AcceptDocs.fromIteratorSupplier(
            () -> {
              Scorer scorer = weight.scorer(leaf);
              return scorer == null ? DocIdSetIterator.empty() : scorer.iterator();
            },
            live,
            reader.maxDoc());
    return accepted.cost() == 0 ? null : accepted;
  }

  private List<TopDocs> search(
      LeafReaderContext leaf,
      List<float[]> targets,
      int k,
      AcceptDocs accepted,
      IvfPqSearchParameters parameters)
      throws IOException {
    List<TopKnnCollector> collectors = new ArrayList<>(targets.size());
    // A collector's room is made at once: no more than there can be hits.
    int most = Math.min(k, leaf.reader().maxDoc());
    for (int i = 0; i < targets.size(); i++) {
      collectors.add(new TopKnnCollector(most, Integer.MAX_VALUE, parameters));
    }
    IvfPqVectorsReader ours = LeafVectors.of(leaf.reader(), field);
    if (ours != null) {
      ours.search(field, targets, collectors, accepted);
    } else {
      for (int i = 0; i < targets.size(); i++) {
        leaf.reader().searchNearestVectors(field, targets.get(i), collectors.get(i), accepted);
      }
    }
    List<TopDocs> hits = new ArrayList<>(targets.size());
    for (TopKnnCollector collector : collectors) {
      TopDocs top = collector.topDocs();
      for (ScoreDoc hit : top.scoreDocs) {
        hit.doc += leaf.docBase;
      }
      hits.add(top);
    }
    return Collections.unmodifiableList(hits);
  }
}
