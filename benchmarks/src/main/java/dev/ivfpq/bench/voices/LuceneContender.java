// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.voices;

import dev.ivfpq.bench.run.BenchSystem;
import dev.ivfpq.bench.run.BuiltIndex;
import dev.ivfpq.bench.run.Distance;
import dev.ivfpq.bench.run.GroundTruth;
import dev.ivfpq.bench.run.IndexKind;
import dev.ivfpq.bench.run.LeastEffort;
import dev.ivfpq.bench.run.Setting;
import dev.ivfpq.rvc.Blend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.util.IOUtils;
import org.apache.lucene.util.VectorUtil;

/**
 * One of Lucene's own formats, asked frame by frame; the blend takes distances and vectors from
 * memory.
 */
final class LuceneContender implements Contender {
  private final BenchSystem system;
  private final String name;
  private final BuiltIndex index;
  private final Setting setting;
  private final GroundTruth truth;
  private final QueryStream stream;
  private final Blend blend;
  private final double recall;

  /** Microseconds of a query while the recall was counted. */
  private final double micros;

  private LuceneContender(
      BenchSystem system,
      String name,
      BuiltIndex index,
      Setting setting,
      VoicesPlan plan,
      GroundTruth truth,
      QueryStream stream)
      throws IOException {
    this.system = system;
    this.name = name;
    this.index = index;
    this.setting = setting;
    this.truth = truth;
    this.stream = stream;
    this.blend = new Blend(plan.indexRate());
    float[][] queries = truth.queries().rows();
    long right = 0;
    long start = System.nanoTime();
    for (int query = 0; query < queries.length; query++) {
      right += truth.right(query, search(queries[query]));
    }
    this.micros = (System.nanoTime() - start) / 1e3 / queries.length;
    this.recall = right / ((double) queries.length * truth.k());
  }

  /** Every distance. */
  static LuceneContender exact(Path folder, VoicesPlan plan, GroundTruth truth, QueryStream stream)
      throws IOException {
    IndexKind kind = BenchSystem.FLAT.kinds(truth.base().dims()).getFirst();
    BuiltIndex index = build(folder, kind, truth);
    try {
      Setting all = Setting.plain("every distance", truth.k());
      return new LuceneContender(BenchSystem.FLAT, "", index, all, plan, truth, stream);
    } catch (Throwable t) {
      IOUtils.closeWhileHandlingException(index);
      throw t;
    }
  }

  /**
   * The graph, of all M the fastest with its least queue whose recall is {@code target}; if none
   * reaches that, the one of best recall.
   */
  static LuceneContender graph(
      Path folder,
      double target,
      VoicesPlan plan,
      GroundTruth truth,
      QueryStream stream,
      Consumer<String> log)
      throws IOException {
    List<LuceneContender> best = new ArrayList<>();
    try {
      for (IndexKind kind : BenchSystem.HNSW.kinds(truth.base().dims())) {
        log.accept("building " + kind.name());
        BuiltIndex index = build(folder.resolve(kind.name()), kind, truth);
        int queue =
            LeastEffort.find(
                truth.k(),
                Math.max(truth.k(), Math.min(BenchSystem.MAX_QUEUE, truth.base().size())),
                tried -> at(tried, kind, index, plan, truth, stream).recall >= target);
        best.add(at(queue, kind, index, plan, truth, stream));
      }
      LuceneContender chosen =
          best.stream()
              .filter(contender -> contender.recall >= target)
              .min(Comparator.comparingDouble(contender -> contender.micros))
              .orElseGet(
                  () ->
                      best.stream()
                          .max(Comparator.comparingDouble(LuceneContender::recall))
                          .orElseThrow());
      for (LuceneContender other : best) {
        if (other != chosen) {
          other.close();
        }
      }
      return chosen;
    } catch (Throwable t) {
      IOUtils.closeWhileHandlingException(best);
      throw t;
    }
  }

  private static LuceneContender at(
      int queue,
      IndexKind kind,
      BuiltIndex index,
      VoicesPlan plan,
      GroundTruth truth,
      QueryStream stream)
      throws IOException {
    return new LuceneContender(
        BenchSystem.HNSW, kind.name(), index, Setting.queue(queue), plan, truth, stream);
  }

  private static BuiltIndex build(Path folder, IndexKind kind, GroundTruth truth)
      throws IOException {
    return BuiltIndex.build(folder, kind, truth.base(), Distance.EUCLIDEAN, 1);
  }

  private ScoreDoc[] search(float[] frame) throws IOException {
    return setting.search(index.searcher(), frame, truth.k()).scoreDocs;
  }

  @Override
  public String system() {
    return system.toString();
  }

  @Override
  public String setting() {
    return (name + " " + setting.words()).strip();
  }

  @Override
  public double recall() {
    return recall;
  }

  @Override
  public double indexSeconds() {
    return index.indexSeconds() + index.forceMergeSeconds();
  }

  @Override
  public Round round(int blocks, int clip) throws IOException {
    float[][] block = new float[stream.block()][];
    float[] converted = new float[truth.base().dims()];
    double[] micros = new double[blocks];
    for (int i = 0; i < blocks; i++) {
      stream.block(i, block);
      long start = System.nanoTime();
      for (float[] frame : block) {
        convert(frame, converted);
      }
      micros[i] = (System.nanoTime() - start) / 1e3;
    }
    List<float[]> frames = stream.clip(clip);
    long start = System.nanoTime();
    for (float[] frame : frames) {
      convert(frame, frame);
    }
    return new Round(micros, (System.nanoTime() - start) / 1e3 / clip);
  }

  private void convert(float[] frame, float[] out) throws IOException {
    ScoreDoc[] hits = search(frame);
    double[] distances = new double[hits.length];
    float[][] vectors = new float[hits.length][];
    for (int i = 0; i < hits.length; i++) {
      vectors[i] = truth.base().rows()[hits[i].doc];
      distances[i] = VectorUtil.squareDistance(frame, vectors[i]);
    }
    blend.apply(frame, distances, vectors, out);
  }

  @Override
  public void close() throws IOException {
    index.close();
  }
}
