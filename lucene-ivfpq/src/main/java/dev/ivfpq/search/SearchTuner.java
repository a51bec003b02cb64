// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.disk.ListsReader;
import dev.ivfpq.kernel.CodeBlocks;
import dev.ivfpq.quant.Metric;
import dev.ivfpq.spec.Effort;
import dev.ivfpq.spec.Tuning;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.lucene.codecs.hnsw.FlatVectorsScorer;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.util.IORunnable;

/**
 * Measures which effort reaches which recall in a field just written.
 *
 * <p><b>How it works.</b> Queries are made from the field's own vectors, x + {@value #SHIFT} (a -
 * b): a vector as it is would be far too easy. Each is searched once, deeply; from what it found
 * the outcome of every smaller effort is computed, and the cheapest of those that reach the recall
 * is taken. Costs are counted, not timed: equal fields get equal efforts.
 *
 * <p>No sample knows what queries will come from outside. So the rule's effort is the least, and
 * what is measured only adds to it where the field is harder than the rule expects.
 */
public final class SearchTuner {
  /** In smaller fields a rule is as good, and the queries would cost more than they save. */
  private static final int LEAST_VECTORS = 8192;

  private static final int QUERIES = 192;
  private static final int K = 10;
  private static final float SHIFT = .3f;
  private static final float[] K_FACTORS = {4, 8, 12, 16, 32, 64, 128};
  private static final float[] MARGINS = {2, 2.5f, 3, 6};

  /** Candidates scored exactly in a deep search. */
  private static final int POOL = 1280;

  /** What is asked of the sample for .90, .95 and .99. */
  private static final double[] GOALS = {.90, .94, .993};

  private final FieldMeta meta;
  private final List<DeepSearch> searches;

  private SearchTuner(FieldMeta meta, List<DeepSearch> searches) {
    this.meta = meta;
    this.searches = searches;
  }

  /** Whether a field is worth it, and the model's efforts are not measured yet. */
  public static boolean pays(FieldMeta meta) {
    return meta.lists() != null
        && !meta.lists().tuning().isMeasured()
        && meta.lists().M() > 0
        && meta.lists().rerank()
        && meta.n() >= LEAST_VECTORS;
  }

  /**
   * Measures.
   *
   * @param meta tuned by rule so far
   * @param modelFile not moved
   * @param listsFile not moved
   * @param values raw vectors by ordinal
   * @param scorer of raw vectors
   * @param checkAborted called between queries
   * @return the rule's tuning where nothing can be measured
   */
  public static Tuning tune(
      FieldMeta meta,
      IndexInput modelFile,
      IndexInput listsFile,
      FloatVectorValues values,
      FlatVectorsScorer scorer,
      IORunnable checkAborted)
      throws IOException {
    SplittableRandom random = new SplittableRandom(meta.n());
    ListsReader lists = new ListsReader(listsFile, meta);
    int nlist = meta.lists().nlist();
    int nprobe = Math.min(nlist, 48 + nlist / 5);
    List<DeepSearch> searches = new ArrayList<>();
    try (ModelReader model = new ModelReader(modelFile, meta)) {
      for (int i = 0; i < QUERIES; i++) {
        checkAborted.run();
        float[] target = query(meta, values, random);
        DeepSearch search =
            DeepSearch.of(
                meta,
                model,
                lists,
                scorer.getRandomVectorScorer(meta.similarity(), values, target),
                target,
                K,
                nprobe,
                POOL);
        if (search != null) {
          searches.add(search);
        }
      }
    }
    return searches.size() < QUERIES / 2
        ? meta.lists().tuning()
        : new SearchTuner(meta, searches).tuning(nprobe);
  }

  private static float[] query(FieldMeta meta, FloatVectorValues values, SplittableRandom random)
      throws IOException {
    float[] query = vector(meta, values, random);
    float[] a = vector(meta, values, random);
    float[] b = vector(meta, values, random);
    for (int j = 0; j < query.length; j++) {
      query[j] += SHIFT * (a[j] - b[j]);
    }
    if (meta.similarity() == VectorSimilarityFunction.DOT_PRODUCT) {
      Metric.normalize(query, 0, query.length);
    }
    return query;
  }

  private static float[] vector(FieldMeta meta, FloatVectorValues values, SplittableRandom random)
      throws IOException {
    float[] vector = values.vectorValue(random.nextInt(meta.n())).clone();
    if (meta.metric().isNormalized()) {
      Metric.normalize(vector, 0, vector.length);
    }
    return vector;
  }

  private Tuning tuning(int most) throws IOException {
    Tuning rule = meta.lists().tuning();
    return new Tuning(
        estimateError(),
        reaching(GOALS[0], rule.at90(), most),
        reaching(GOALS[1], rule.at95(), most),
        reaching(GOALS[2], rule.at99(), most));
  }

  /** The rule's effort where it reaches the goal, else one that is larger in each part. */
  private Effort reaching(double goal, Effort rule, int most) throws IOException {
    return measure(rule).recall >= goal ? rule : rule.max(cheapest(goal, rule.reach(), most));
  }

  private Effort cheapest(double goal, float narrow, int most) throws IOException {
    float all = Float.POSITIVE_INFINITY;
    Effort cheapest =
        Effort.of(most, all, MARGINS[MARGINS.length - 1], K_FACTORS[K_FACTORS.length - 1]);
    double least = Double.POSITIVE_INFINITY;
    for (float reach : narrow == all ? new float[] {all} : new float[] {narrow, all}) {
      for (float kFactor : K_FACTORS) {
        for (float margin : MARGINS) {
          Effort effort = least(goal, most, reach, margin, kFactor);
          Measure measure = measure(effort);
          if (measure.recall >= goal && measure.nanos < least) {
            least = measure.nanos;
            cheapest = effort;
          }
        }
      }
    }
    return cheapest;
  }

  /** The fewest lists that reach the goal, or all that were searched. */
  private Effort least(double goal, int most, float reach, float margin, float kFactor)
      throws IOException {
    int failing = 0;
    int reaching = most;
    while (reaching - failing > 1) {
      int middle = (failing + reaching) >>> 1;
      if (measure(Effort.of(middle, reach, margin, kFactor)).recall >= goal) {
        reaching = middle;
      } else {
        failing = middle;
      }
    }
    return Effort.of(reaching, reach, margin, kFactor);
  }

  private record Measure(double recall, double nanos) {}

  /** Recall of an effort, and about what it costs on a machine of 2025. */
  private Measure measure(Effort effort) throws IOException {
    double nanosPerList = 50;
    double nanosPerBlock = 30 + CodeBlocks.blockBytes(meta.lists().M()) / 32.0;
    double nanosPerRow = 110 + meta.d() / 5.0;
    double nanosPerCandidate = 25;
    long found = 0;
    double nanos = 0;
    for (DeepSearch search : searches) {
      DeepSearch.Outcome outcome = search.outcome(K, effort);
      found += Math.min(K, outcome.found());
      nanos +=
          outcome.lists() * nanosPerList
              + outcome.blocks() * nanosPerBlock
              + outcome.scored() * nanosPerRow;
    }
    int queries = searches.size();
    double fixed = K * effort.kFactor() * nanosPerCandidate;
    return new Measure((double) found / K / queries, nanos / queries + fixed);
  }

  /** The 99.9 % quantile of (estimate - exact) of the true neighbours, above 0. */
  private float estimateError() {
    float[] errors = new float[searches.size() * 2 * K];
    int size = 0;
    for (DeepSearch search : searches) {
      for (int i = 0; i < search.exact().length && size < errors.length; i++) {
        if (search.exact()[i] <= search.kth()) {
          errors[size++] = search.estimates()[i] - search.exact()[i];
        }
      }
    }
    Arrays.sort(errors, 0, size);
    return Math.max(Float.MIN_NORMAL, errors[(int) Math.min(size - 1, Math.round(.999 * size))]);
  }
}
