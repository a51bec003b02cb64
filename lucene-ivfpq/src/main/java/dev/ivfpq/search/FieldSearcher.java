// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.disk.ListsReader;
import dev.ivfpq.kernel.Survivors;
import dev.ivfpq.spec.Effort;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.ConjunctionUtils;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/**
 * Searches one field of one segment, the ways of doing so being: score all accepted vectors, find
 * the nearest ({@link NearestSearch}), find those above a score ({@link RangeSearch}).
 *
 * <p>Many queries are prepared together and searched one after the other. Each gets the hits, to
 * the bit, that it would get alone.
 */
final class FieldSearcher {
  /** With no more accepted documents than this all are scored, whatever the query asks for. */
  private static final int EXACT_ACCEPTED = 256;

  /** Candidates that a query is worth re-ranking by default, however few hits it asks for. */
  private static final int LEAST_POOL = 32;

  private final FieldMeta meta;
  private final ModelReader model;
  private final IndexInput listsFile;
  private final FlatVectorsReader flat;
  private final String field;

  /**
   * @param model of the field; null without lists
   */
  FieldSearcher(
      FieldMeta meta,
      ModelReader model,
      IndexInput listsFile,
      FlatVectorsReader flat,
      String field) {
    this.meta = meta;
    this.model = model;
    this.listsFile = listsFile;
    this.flat = flat;
    this.field = field;
  }

  /**
   * Searches.
   *
   * @param collectors one for each target, all of the same k
   */
  void search(
      List<float[]> targets,
      SearchSettings settings,
      List<? extends KnnCollector> collectors,
      AcceptDocs acceptDocs)
      throws IOException {
    int k = collectors.get(0).k();
    Bits accepted = acceptDocs == null ? null : acceptDocs.bits();
    boolean few = accepted != null && acceptDocs.cost() <= Math.max(EXACT_ACCEPTED, k);
    if (few || meta.lists() == null || k >= meta.n()) {
      scoreAll(targets, collectors, few ? ordinals(acceptDocs, accepted) : null, accepted);
      return;
    }
    Effort effort = effort(settings, k);
    if (accepted == null || settings.nprobe() > 0) {
      searchTogether(targets, effort, k, collectors, accepted);
      return;
    }
    // Where a filter or deletes leave few vectors, lists hold few accepted ones each: those of the
    // default number of lists could not be enough.
    FilterCost cost = FilterCost.of(meta, acceptDocs.cost());
    long enough = Math.max(cost.seen(), k);
    // A collector that asks for one hit may turn out to want all above a score.
    boolean grouped = k > 1 && cost.grouped() < cost.walked();
    if (cost.all() < (grouped ? cost.grouped() : cost.walked())) {
      scoreAll(targets, collectors, ordinals(acceptDocs, accepted), accepted);
    } else if (grouped) {
      searchGrouped(targets, effort, enough, collectors, ordinals(acceptDocs, accepted));
    } else {
      searchTogether(targets, effort, enough, collectors, accepted);
    }
  }

  /** The accepted ordinals, ascending: documents are gone through once for all queries. */
  private int[] ordinals(AcceptDocs acceptDocs, Bits accepted) throws IOException {
    FloatVectorValues values = flat.getFloatVectorValues(field);
    int[] ordinals = new int[Math.min(acceptDocs.cost(), meta.n())];
    int count = 0;
    if (values.getAcceptOrds(accepted) == accepted) {
      // Every document has a vector: ordinals are documents.
      DocIdSetIterator docs = acceptDocs.iterator();
      for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
        ordinals[count++] = doc;
      }
    } else {
      KnnVectorValues.DocIndexIterator index = values.iterator();
      DocIdSetIterator both =
          ConjunctionUtils.intersectIterators(List.of(acceptDocs.iterator(), index));
      while (both.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
        ordinals[count++] = index.index();
      }
    }
    return Arrays.copyOf(ordinals, count);
  }

  private Effort effort(SearchSettings settings, int k) {
    Effort effort = settings.effort(meta.lists().tuning());
    float kFactor =
        settings.kFactor() > 0
            ? settings.kFactor()
            : Math.max(effort.kFactor(), (float) LEAST_POOL / k);
    return new Effort(effort.nprobe(), effort.spread(), effort.margin(), kFactor);
  }

  private ExactScorer exact(float[] target, KnnCollector collector, Bits accepted)
      throws IOException {
    RandomVectorScorer scorer = flat.getRandomVectorScorer(field, target);
    return new ExactScorer(scorer, collector, scorer.getAcceptOrds(accepted));
  }

  /**
   * @param few the accepted ordinals, or null to go through all vectors
   */
  private void scoreAll(
      List<float[]> targets, List<? extends KnnCollector> collectors, int[] few, Bits accepted)
      throws IOException {
    for (int i = 0; i < targets.size(); i++) {
      ExactScorer exact = exact(targets.get(i), collectors.get(i), accepted);
      if (few != null) {
        exact.scoreAll(few);
      } else {
        exact.scoreAll();
      }
    }
  }

  private void searchGrouped(
      List<float[]> targets,
      Effort effort,
      long enough,
      List<? extends KnnCollector> collectors,
      int[] accepted)
      throws IOException {
    PreparedQuery[] queries = model.prepare(targets, effort.nprobe());
    GroupedOrdinals grouped =
        new GroupedOrdinals(accepted, new ListsReader(listsFile, meta), meta.lists().nlist());
    for (int i = 0; i < queries.length; i++) {
      ExactScorer exact = exact(targets.get(i), collectors.get(i), null);
      if (queries[i] == null) {
        exact.scoreAll(accepted);
      } else {
        new GroupedSearch(grouped, queries[i].order(), exact, collectors.get(i)).search(enough);
      }
    }
  }

  private void searchTogether(
      List<float[]> targets,
      Effort effort,
      long enough,
      List<? extends KnnCollector> collectors,
      Bits accepted)
      throws IOException {
    PreparedQuery[] queries = model.prepare(targets, effort.nprobe());
    ListsReader lists = new ListsReader(listsFile, meta);
    Survivors scratch = ListWalk.scratch();
    AcceptedOrdinals ordinals = null;
    for (int i = 0; i < queries.length; i++) {
      KnnCollector collector = collectors.get(i);
      ExactScorer exact = exact(targets.get(i), collector, accepted);
      if (queries[i] == null) {
        exact.scoreAll();
        continue;
      }
      if (accepted != null && ordinals == null) {
        ordinals = new AcceptedOrdinals(exact.accepted(), meta.n());
      }
      ListWalk walk = new ListWalk(meta, lists, queries[i], ordinals, collector, scratch);
      if (RangeSearch.isRange(collector)) {
        new RangeSearch(meta, lists, walk, exact, collector, new int[0]).search(effort.nprobe());
      } else {
        new NearestSearch(meta, lists, walk, exact, collector).search(effort, enough);
      }
    }
  }
}
