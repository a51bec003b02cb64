// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.demo;

import dev.ivfpq.rvc.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.knn.KnnSearchStrategy;

/**
 * HNSW at its own fastest setting for a wanted recall.
 *
 * @param contender the setting
 * @param maxConn the graph's M
 * @param recall what it reaches; less than wanted only where no setting reached that
 */
record HnswChoice(Contender contender, int maxConn, double recall) {
  /** Where a bigger queue does not reach the recall, 2,000 is where the search gives up. */
  private static final int[] QUEUES = {
    8, 10, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128, 192, 256, 384, 512, 768, 1000, 1500, 2000
  };

  /** Settings timed for each M: under a filter, the smallest queue need not be the fastest. */
  private static final int TIMED = 3;

  private static final long WARM_UP_NANOS = 100_000_000;
  private static final int ROUNDS = 3;

  /** Tries every M with growing queues, and times the first that reach {@code wanted}. */
  static HnswChoice fastest(
      List<HnswIndex> indexes,
      Query filter,
      double wanted,
      ExactTruth truth,
      Stopwatch stopwatch,
      Progress progress)
      throws IOException {
    progress.begin("choosing HNSW's setting", (long) indexes.size() * QUEUES.length);
    List<HnswChoice> tried = new ArrayList<>();
    for (HnswIndex index : indexes) {
      int reached = 0;
      for (int queue : QUEUES) {
        Contender contender =
            new Contender(index.searcher(), filter, queue, KnnSearchStrategy.Hnsw.DEFAULT);
        double recall = truth.recall(contender);
        tried.add(new HnswChoice(contender, index.maxConn(), recall));
        progress.advance(1);
        reached += recall >= wanted ? 1 : 0;
        if (reached == TIMED) {
          break;
        }
      }
    }
    List<HnswChoice> reaching = tried.stream().filter(c -> c.recall >= wanted).toList();
    if (reaching.isEmpty()) {
      return tried.stream().max(Comparator.comparingDouble(HnswChoice::recall)).orElseThrow();
    }
    double[] micros =
        stopwatch.race(
            reaching.stream().map(HnswChoice::contender).toList(), WARM_UP_NANOS, ROUNDS);
    int best = 0;
    for (int i = 1; i < micros.length; i++) {
      best = micros[i] < micros[best] ? i : best;
    }
    return reaching.get(best);
  }
}
