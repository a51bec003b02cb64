// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import dev.ivfpq.IvfPqSearcher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;

/**
 * Times {@link IvfPqSearcher} with one query a call and with many, in interleaved rounds after two
 * of warming up, in one thread.
 */
final class BatchRace {
  private static final int[] QUERIES_A_CALL = {1, 16, 1000};
  private static final int WARM_UP = 2;

  private final List<float[]> queries;
  private final int k;
  private final int rounds;

  BatchRace(float[][] queries, int k, int rounds) {
    this.queries = Arrays.asList(queries);
    this.k = k;
    this.rounds = rounds;
  }

  /** Times one contender that is searched by inverted lists. */
  List<Batch> race(BenchSystem system, Double target, Contender contender) throws IOException {
    IvfPqSearcher searcher = new IvfPqSearcher(contender.index().searcher(), Setting.FIELD);
    double[][] micros = new double[QUERIES_A_CALL.length][rounds];
    List<List<TopDocs>> hits = new ArrayList<>();
    for (int round = -WARM_UP; round < rounds; round++) {
      hits.clear();
      for (int i = 0; i < QUERIES_A_CALL.length; i++) {
        long start = System.nanoTime();
        hits.add(search(searcher, contender.setting(), QUERIES_A_CALL[i]));
        if (round >= 0) {
          micros[i][round] = (System.nanoTime() - start) / 1e3 / queries.size();
        }
      }
    }
    List<Batch> batches = new ArrayList<>();
    for (int i = 0; i < QUERIES_A_CALL.length; i++) {
      double[] ratios = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        ratios[round] = micros[0][round] / micros[i][round];
      }
      batches.add(
          new Batch(
              system.toString(),
              target,
              contender.index().segments(),
              contender.words(),
              QUERIES_A_CALL[i],
              median(micros[i]),
              median(ratios),
              differing(hits.get(0), hits.get(i))));
    }
    return batches;
  }

  private List<TopDocs> search(IvfPqSearcher searcher, Setting setting, int queriesACall)
      throws IOException {
    List<TopDocs> hits = new ArrayList<>(queries.size());
    for (int from = 0; from < queries.size(); from += queriesACall) {
      int to = Math.min(queries.size(), from + queriesACall);
      hits.addAll(searcher.search(queries.subList(from, to), k, null, setting.parameters()));
    }
    return hits;
  }

  private static int differing(List<TopDocs> alone, List<TopDocs> together) {
    int differing = 0;
    for (int i = 0; i < alone.size(); i++) {
      differing += Arrays.equals(docs(alone.get(i)), docs(together.get(i))) ? 0 : 1;
    }
    return differing;
  }

  private static int[] docs(TopDocs hits) {
    return Arrays.stream(hits.scoreDocs).mapToInt((ScoreDoc hit) -> hit.doc).toArray();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
