// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.disk.ListsReader;
import dev.ivfpq.spec.Effort;
import dev.ivfpq.spec.Tuning;
import java.io.IOException;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.SparseFixedBitSet;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/**
 * Searches one field of one segment for one query: prepares the query, walks the lists nearest
 * first, re-ranks the best candidates, and goes on with more lists and candidates while the
 * collector is not full.
 */
final class FieldSearcher {
  /**
   * With no more accepted documents than this, scoring them all is faster than ranking centroids
   * and scanning.
   */
  private static final int EXACT_ACCEPTED = 256;

  /** Candidates that a query is worth re-ranking by default, however few hits it asks for. */
  private static final int LEAST_POOL = 32;

  /** By how much a round that did not fill the collector is widened. */
  private static final int WIDENING = 4;

  private final FieldMeta meta;
  private final ListsReader lists;
  private final ModelReader model;
  private final RandomVectorScorer scorer;
  private final KnnVectorValues values;

  /**
   * @param model of the field; null without lists
   */
  FieldSearcher(
      FieldMeta meta,
      ModelReader model,
      IndexInput listsFile,
      RandomVectorScorer scorer,
      KnnVectorValues values)
      throws IOException {
    this.meta = meta;
    this.lists = meta.lists() == null ? null : new ListsReader(listsFile, meta);
    this.model = model;
    this.scorer = scorer;
    this.values = values;
  }

  void search(
      float[] target, SearchSettings settings, KnnCollector collector, AcceptDocs acceptDocs)
      throws IOException {
    Bits accepted = acceptDocs == null ? null : acceptDocs.bits();
    ExactScorer exact = new ExactScorer(scorer, collector);
    if (accepted != null && acceptDocs.cost() <= Math.max(EXACT_ACCEPTED, collector.k())) {
      exact.scoreDocs(acceptDocs.iterator(), values.iterator());
      return;
    }
    Bits acceptedOrdinals = scorer.getAcceptOrds(accepted);
    Effort effort = lists == null ? null : settings.effort(meta.lists().tuning());
    PreparedQuery query = lists == null ? null : model.prepare(target, effort.nprobe());
    if (query == null || collector.k() >= meta.n()) {
      exact.scoreAll(acceptedOrdinals);
      return;
    }
    ListWalk walk = new ListWalk(meta, lists, query, acceptedOrdinals, collector);
    // Where a filter or deletes leave few vectors, lists hold few accepted ones each: those of the
    // default number of lists could not be enough.
    long enough =
        settings.nprobe() == 0 && accepted != null
            ? Tuning.seen(Math.min(meta.n(), acceptDocs.cost()))
            : 0;
    float kFactor =
        settings.kFactor() > 0
            ? settings.kFactor()
            : Math.max(effort.kFactor(), (float) LEAST_POOL / collector.k());
    if (RangeSearch.isRange(collector)) {
      new RangeSearch(meta, lists, walk, exact, collector, new int[0]).search(effort.nprobe());
    } else {
      searchNearest(walk, exact, collector, effort, Math.max(enough, collector.k()), kFactor);
    }
  }

  private void searchNearest(
      ListWalk walk,
      ExactScorer exact,
      KnnCollector collector,
      Effort effort,
      long enough,
      float kFactor)
      throws IOException {
    // Without codes nothing tells candidates apart: all of them are scored exactly.
    boolean coded = meta.lists().M() > 0;
    long pool = coded ? (long) Math.ceil((double) kFactor * collector.k()) : meta.n();
    float margin = coded ? effort.margin() : Float.POSITIVE_INFINITY;
    int probes = effort.nprobe();
    Reranker reranker = new Reranker(lists, exact, collector, meta.metric(), margin);
    SparseFixedBitSet collected = null;
    while (true) {
      CandidateReservoir candidates = new CandidateReservoir((int) Math.min(pool, meta.n()));
      scan(walk, candidates, probes, enough, collector);
      int[] ordinals =
          meta.lists().rerank()
              ? reranker.rerank(candidates.candidates(), collected)
              : collectEstimates(candidates.candidates(), collected, collector);
      if (collector.k() == 1 && meta.lists().rerank() && exact.turnsOutRange(reranker.best())) {
        walk.restart();
        new RangeSearch(meta, lists, walk, exact, collector, ordinals).search(effort.nprobe());
        return;
      }
      boolean full = collector.minCompetitiveSimilarity() != Float.NEGATIVE_INFINITY;
      boolean more = pool < meta.n() && candidates.hasDropped() || walk.hasNext();
      if (full || !more || collector.earlyTerminated()) {
        return;
      }
      // Fewer hits than candidates: children of one parent count once, zero vectors never.
      if (collected == null) {
        collected = new SparseFixedBitSet(meta.n());
      }
      for (int ordinal : ordinals) {
        collected.set(ordinal);
      }
      pool *= WIDENING;
      probes = (int) Math.min(meta.lists().nlist(), (long) WIDENING * probes);
      walk.restart();
    }
  }

  /** Scans at least {@code probes} lists, and until {@code enough} accepted vectors were seen. */
  private void scan(
      ListWalk walk, CandidateReservoir candidates, int probes, long enough, KnnCollector collector)
      throws IOException {
    long seen = 0;
    for (int probed = 0;
        walk.hasNext() && (probed < probes || seen < enough) && !collector.earlyTerminated();
        probed++) {
      seen += walk.scanNext(candidates);
    }
  }

  /** Collects estimates where nothing is to be re-ranked; returns the ordinals. */
  private int[] collectEstimates(Candidates candidates, Bits without, KnnCollector collector)
      throws IOException {
    long[] keys = candidates.next(candidates.left(), lists);
    int[] ordinals = new int[keys.length];
    for (int i = 0; i < keys.length; i++) {
      ordinals[i] = DistanceKey.id(keys[i]);
      if (without == null || !without.get(ordinals[i])) {
        float score = meta.metric().toScore(DistanceKey.distance(keys[i]));
        collector.collect(scorer.ordToDoc(ordinals[i]), score);
      }
    }
    return ordinals;
  }
}
