// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.disk.ListsReader;
import dev.ivfpq.kernel.Survivors;
import dev.ivfpq.spec.Effort;
import dev.ivfpq.spec.Tuning;
import java.io.IOException;
import java.util.List;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.ConjunctionUtils;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.IntsRefBuilder;
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
    boolean few = accepted != null && isExactCheaper(acceptDocs.cost(), settings, k);
    if (few || meta.lists() == null || k >= meta.n()) {
      int[] ordinals = few ? ordinals(acceptDocs) : null;
      for (int i = 0; i < targets.size(); i++) {
        scoreAll(scorer(targets.get(i)), collectors.get(i), ordinals, accepted);
      }
      return;
    }
    Effort effort = effort(settings, k);
    // Where a filter or deletes leave few vectors, lists hold few accepted ones each: those of the
    // default number of lists could not be enough.
    long enough =
        settings.nprobe() == 0 && accepted != null
            ? Tuning.seen(Math.min(meta.n(), acceptDocs.cost()))
            : 0;
    searchTogether(targets, effort, Math.max(enough, k), collectors, accepted);
  }

  /**
   * Whether scoring the accepted vectors takes less time than walking lists until enough of them
   * are seen. On average a walk passes n / m vectors for each accepted one, of which it tests each
   * and scans the block; nanoseconds of one thread of an AVX-512 server of 2025.
   */
  private boolean isExactCheaper(int m, SearchSettings settings, int k) {
    if (m <= Math.max(EXACT_ACCEPTED, k) || meta.lists() == null || settings.nprobe() > 0) {
      return m <= Math.max(EXACT_ACCEPTED, k);
    }
    double nanosPerRow = 60 + meta.d() / 8.0;
    double nanosPerPassed = 4 + meta.lists().M() / 100.0;
    double passed = Math.min(meta.n(), (double) Tuning.seen(m) * meta.n() / m);
    return m * nanosPerRow < passed * nanosPerPassed;
  }

  /** The accepted ordinals, ascending: documents are gone through once for all queries. */
  private int[] ordinals(AcceptDocs acceptDocs) throws IOException {
    KnnVectorValues.DocIndexIterator values = flat.getFloatVectorValues(field).iterator();
    DocIdSetIterator both =
        ConjunctionUtils.intersectIterators(List.of(acceptDocs.iterator(), values));
    IntsRefBuilder ordinals = new IntsRefBuilder();
    while (both.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
      ordinals.append(values.index());
    }
    return ordinals.toIntsRef().ints;
  }

  private Effort effort(SearchSettings settings, int k) {
    Effort effort = settings.effort(meta.lists().tuning());
    float kFactor =
        settings.kFactor() > 0
            ? settings.kFactor()
            : Math.max(effort.kFactor(), (float) LEAST_POOL / k);
    return new Effort(effort.nprobe(), effort.spread(), effort.margin(), kFactor);
  }

  private RandomVectorScorer scorer(float[] target) throws IOException {
    return flat.getRandomVectorScorer(field, target);
  }

  /**
   * @param few the accepted ordinals, or null to go through all vectors
   */
  private void scoreAll(RandomVectorScorer scorer, KnnCollector collector, int[] few, Bits accepted)
      throws IOException {
    ExactScorer exact = new ExactScorer(scorer, collector);
    if (few != null) {
      exact.scoreAll(few);
    } else {
      exact.scoreAll(scorer.getAcceptOrds(accepted));
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
      RandomVectorScorer scorer = scorer(targets.get(i));
      if (queries[i] == null) {
        scoreAll(scorer, collector, null, accepted);
        continue;
      }
      ExactScorer exact = new ExactScorer(scorer, collector);
      if (accepted != null && ordinals == null) {
        ordinals = new AcceptedOrdinals(scorer.getAcceptOrds(accepted), meta.n());
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
