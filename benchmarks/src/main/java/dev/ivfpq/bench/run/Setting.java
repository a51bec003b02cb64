// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import dev.ivfpq.IvfPqQuery;
import dev.ivfpq.IvfPqSearchParameters;
import dev.ivfpq.IvfPqSearcher;
import java.io.IOException;
import java.util.List;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RescoreTopNQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.knn.KnnSearchStrategy;

/**
 * How a query is put to Lucene, by {@link KnnFloatVectorQuery} or {@link IvfPqQuery}.
 *
 * @param words for people
 * @param queue how many neighbours Lucene is asked for, of which the k best are kept; a graph's
 *     effort grows with it (luceneutil's topK + fanout)
 * @param rescored whether the whole queue is scored from the raw vectors before the k best are
 *     taken
 * @param nprobe lists scanned per segment; 0 leaves it to the segment
 * @param kFactor candidates re-ranked per hit; 0 leaves it to the segment
 * @param targetRecall what the segment is asked to reach; 0 leaves it to the segment
 * @param together whether segments are searched together, by {@link IvfPqQuery}
 */
public record Setting(
    String words,
    int queue,
    boolean rescored,
    int nprobe,
    float kFactor,
    float targetRecall,
    boolean together) {
  /** Of the vectors in every index. */
  public static final String FIELD = "vector";

  /** Nothing but the question, as a user's first query is. */
  public static Setting plain(String words, int k) {
    return new Setting(words, k, false, 0, 0, 0, false);
  }

  /** A graph searched with a queue. */
  public static Setting queue(int queue) {
    return new Setting("queue=" + queue, queue, false, 0, 0, 0, false);
  }

  /** A graph over codes searched with a queue, all of which is scored exactly. */
  static Setting rescoredQueue(int queue) {
    return new Setting("queue=" + queue + " rescored", queue, true, 0, 0, 0, false);
  }

  /** Inverted lists. */
  static Setting lists(int k, int nprobe, float kFactor) {
    String words = "nprobe=" + nprobe + " k_factor=" + kFactor;
    return new Setting(words, k, false, nprobe, kFactor, 0, false);
  }

  /** Inverted lists, re-ranked as far as the query's own error tells. */
  static Setting lists(int k, int nprobe) {
    return new Setting("nprobe=" + nprobe, k, false, nprobe, 0, 0, false);
  }

  /** What segments measured for a recall. */
  static Setting recall(int k, float targetRecall) {
    return new Setting("targetRecall=" + targetRecall, k, false, 0, 0, targetRecall, false);
  }

  /** The same with all segments searched together. */
  Setting ofAllTogether() {
    return new Setting(words, queue, rescored, nprobe, kFactor, targetRecall, true);
  }

  /** The hits, nearest first. */
  public TopDocs search(IndexSearcher searcher, float[] target, int k) throws IOException {
    return searcher.search(query(knn(target), target, k), k);
  }

  /** How many vectors Lucene says it scored for that search. */
  long visited(IndexSearcher searcher, float[] target, int k) throws IOException {
    if (together) {
      IvfPqSearcher all = new IvfPqSearcher(searcher, FIELD);
      return all.search(List.of(target), queue, null, parameters()).get(0).totalHits.value();
    }
    VisitCounter counter = new VisitCounter(target, queue, strategy());
    searcher.search(query(counter, target, k), k);
    return counter.visited;
  }

  private KnnFloatVectorQuery knn(float[] target) {
    if (together) {
      return new IvfPqQuery(FIELD, target, queue, null, parameters());
    }
    return isPlain()
        ? new KnnFloatVectorQuery(FIELD, target, queue)
        : new KnnFloatVectorQuery(FIELD, target, queue, null, strategy());
  }

  private Query query(KnnFloatVectorQuery knn, float[] target, int k) {
    return rescored
        ? RescoreTopNQuery.createFullPrecisionRescorerQuery(knn, target, FIELD, k)
        : knn;
  }

  private KnnSearchStrategy strategy() {
    return isPlain() ? KnnSearchStrategy.Hnsw.DEFAULT : parameters();
  }

  /** The same for inverted lists. */
  IvfPqSearchParameters parameters() {
    IvfPqSearchParameters parameters = IvfPqSearchParameters.DEFAULT;
    if (nprobe > 0) {
      parameters = parameters.withNprobe(nprobe);
    }
    if (kFactor > 0) {
      parameters = parameters.withKFactor(kFactor);
    }
    return targetRecall > 0 ? parameters.withTargetRecall(targetRecall) : parameters;
  }

  private boolean isPlain() {
    return nprobe == 0 && kFactor == 0 && targetRecall == 0;
  }

  /** The same query, which also keeps the count of the merged hits. */
  private static final class VisitCounter extends KnnFloatVectorQuery {
    private long visited;

    VisitCounter(float[] target, int queue, KnnSearchStrategy strategy) {
      super(FIELD, target, queue, null, strategy);
    }

    @Override
    protected TopDocs mergeLeafResults(TopDocs[] perLeaf) {
      TopDocs merged = super.mergeLeafResults(perLeaf);
      visited = merged.totalHits.value();
      return merged;
    }
  }
}
