// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.voices;

import dev.ivfpq.IvfPqSearchParameters;
import dev.ivfpq.bench.run.GroundTruth;
import dev.ivfpq.rvc.Blend;
import dev.ivfpq.rvc.FrameSearcher;
import dev.ivfpq.rvc.MeasuredEffort;
import dev.ivfpq.rvc.Mix;
import dev.ivfpq.rvc.Neighbour;
import dev.ivfpq.rvc.Progress;
import dev.ivfpq.rvc.ScanDefault;
import dev.ivfpq.rvc.SearchSettings;
import dev.ivfpq.rvc.StoreException;
import dev.ivfpq.rvc.StoreTuner;
import dev.ivfpq.rvc.TuningPlan;
import dev.ivfpq.rvc.VoiceSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.lucene.util.IOUtils;

/** The voice store: a session for blocks, a searcher for clips. */
final class StoreContender implements Contender {
  /** Frames to tune with: what is more takes minutes, and fewer than the least are refused. */
  private static final int MOST_TUNING = 2000;

  private static final int LEAST_TUNING = 10;

  static final String SYSTEM = "ivfpq";
  static final String VOICE = "voice";

  private final String setting;
  private final VoiceSession session;
  private final FrameSearcher searcher;
  private final QueryStream stream;
  private final Blend blend;
  private final double recall;
  private final double indexSeconds;

  private StoreContender(
      BuiltStore built,
      String setting,
      IvfPqSearchParameters scan,
      VoicesPlan plan,
      GroundTruth truth,
      QueryStream stream)
      throws IOException {
    this.setting = setting;
    this.stream = stream;
    this.blend = new Blend(plan.indexRate());
    this.indexSeconds = built.seconds();
    SearchSettings settings =
        SearchSettings.DEFAULT.withK(plan.k()).withSpeaker(VOICE).withScan(scan);
    this.session = built.store().session(Mix.of(VOICE), settings, plan.block());
    try {
      this.searcher = built.store().searcher(settings);
      this.recall = recall(truth);
    } catch (Throwable t) {
      IOUtils.closeWhileHandlingException(session);
      throw t;
    }
  }

  /** As it comes. */
  static StoreContender plain(
      BuiltStore built, VoicesPlan plan, GroundTruth truth, QueryStream stream) throws IOException {
    IvfPqSearchParameters scan = IvfPqSearchParameters.DEFAULT;
    return new StoreContender(built, "no parameter", scan, plan, truth, stream);
  }

  /**
   * With what {@code ivfpq tune} finds to be the cheapest effort for the plan's recall.
   *
   * @param queries a {@code .npy} file of the truth's queries
   * @return null if that is no parameter, too, or none reaches the recall
   * @throws StoreException if the store is so small that it is searched exactly
   */
  static StoreContender tuned(
      BuiltStore built, Path queries, VoicesPlan plan, GroundTruth truth, QueryStream stream)
      throws IOException {
    TuningPlan tuning =
        new TuningPlan(
            SearchSettings.DEFAULT.withK(plan.k()).withSpeaker(VOICE),
            OptionalInt.empty(),
            List.of(queries),
            Math.clamp(truth.queries().size(), LEAST_TUNING, MOST_TUNING),
            plan.target());
    Optional<MeasuredEffort> cheapest =
        new StoreTuner(built.store()).measure(tuning, Progress.NONE).cheapest();
    if (cheapest.isEmpty() || cheapest.get().isOwnDefault()) {
      return null;
    }
    ScanDefault found =
        new ScanDefault(cheapest.get().nprobe(), cheapest.get().kFactor(), cheapest.get().recall());
    String setting = "tuned: nprobe=" + found.nprobe() + " k_factor=" + found.kFactor();
    return new StoreContender(built, setting, found.parameters(), plan, truth, stream);
  }

  private double recall(GroundTruth truth) throws IOException {
    long right = 0;
    float[][] queries = truth.queries().rows();
    for (int query = 0; query < queries.length; query++) {
      // The voice is one clip, whose frames are the rows of the base.
      for (Neighbour found : searcher.search(queries[query])) {
        right += truth.isNeighbour(query, truth.base().rows()[found.frame()]) ? 1 : 0;
      }
    }
    return right / ((double) queries.length * truth.k());
  }

  @Override
  public String system() {
    return SYSTEM;
  }

  @Override
  public String setting() {
    return setting;
  }

  @Override
  public double recall() {
    return recall;
  }

  @Override
  public double indexSeconds() {
    return indexSeconds;
  }

  @Override
  public Round round(int blocks, int clip) throws IOException {
    float[][] block = new float[stream.block()][];
    float[][] converted = new float[stream.block()][session.dims()];
    double[] micros = new double[blocks];
    for (int i = 0; i < blocks; i++) {
      stream.block(i, block);
      long start = System.nanoTime();
      session.convert(block, block.length, blend, converted);
      micros[i] = (System.nanoTime() - start) / 1e3;
    }
    List<float[]> frames = stream.clip(clip);
    long start = System.nanoTime();
    for (int from = 0; from < clip; from += FrameSearcher.TOGETHER) {
      searcher.convert(frames.subList(from, Math.min(clip, from + FrameSearcher.TOGETHER)), blend);
    }
    return new Round(micros, (System.nanoTime() - start) / 1e3 / clip);
  }

  @Override
  public void close() throws IOException {
    IOUtils.close(session, searcher);
  }
}
