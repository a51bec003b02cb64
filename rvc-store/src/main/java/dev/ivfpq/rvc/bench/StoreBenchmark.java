// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.bench;

import dev.ivfpq.IvfPqSearchParameters;
import dev.ivfpq.rvc.Blend;
import dev.ivfpq.rvc.FrameSearcher;
import dev.ivfpq.rvc.Mix;
import dev.ivfpq.rvc.Neighbour;
import dev.ivfpq.rvc.Progress;
import dev.ivfpq.rvc.SearchSettings;
import dev.ivfpq.rvc.StoreException;
import dev.ivfpq.rvc.VoiceRecord;
import dev.ivfpq.rvc.VoiceSession;
import dev.ivfpq.rvc.VoiceStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * Times one voice of a store on clips, on the caller's thread: blocks through a {@link
 * VoiceSession}, no frame of which was in the block before, and whole clips through a {@link
 * FrameSearcher}. After warming up both take turns in every round, and the medians of the rounds
 * count.
 */
public final class StoreBenchmark {
  /** Of a round, so that its p99 is not its longest. */
  private static final int LEAST_BLOCKS = 200;

  /** Of warming up, in frames and time: until then Java is still compiling. */
  private static final int LEAST_FRAMES = 10_000;

  private static final long LEAST_NANOS = 2_000_000_000L;

  private static final int RECALL_FRAMES = 200;

  /** For the rounding of scores. */
  private static final double TOLERANCE = 1 + 1e-6;

  private static final float MAX_K_FACTOR = 1e6f;

  private final BenchmarkPlan plan;
  private final List<AskedClip> clips;
  private final VoiceSession session;
  private final FrameSearcher searcher;
  private final Blend blend;
  private final float[][] block;
  private final float[][] converted;

  private StoreBenchmark(
      BenchmarkPlan plan, List<AskedClip> clips, VoiceSession session, FrameSearcher searcher) {
    this.plan = plan;
    this.clips = clips;
    this.session = session;
    this.searcher = searcher;
    this.blend = new Blend(plan.indexRate());
    this.block = new float[plan.block()][];
    this.converted = new float[plan.block()][session.dims()];
  }

  /**
   * Measures.
   *
   * @throws StoreException if there is no such speaker, or several and none is named, the clips do
   *     not fit the voice, or are too short or too few
   * @throws IOException if a file is not as it should be, or reading fails
   */
  public static StoreFigures run(VoiceStore store, BenchmarkPlan plan, Progress progress)
      throws IOException {
    VoiceRecord voice = voice(store, plan);
    progress.begin("reading clips", Progress.UNKNOWN);
    List<AskedClip> clips =
        plan.clips().isEmpty()
            ? AskedClip.ofVoice(store, voice)
            : AskedClip.given(plan.clips(), voice);
    int frames = clips.stream().mapToInt(clip -> clip.frames().length).sum();
    int blocks = clips.stream().mapToInt(clip -> clip.blocks(plan.block())).sum();
    if (blocks < 2) {
      throw new StoreException(
          frames
              + " frames in all are less than two blocks of "
              + plan.block()
              + "; give longer clips, or a smaller --block");
    }
    SearchSettings settings = plan.settings(voice.speaker());
    try (VoiceSession session = store.session(Mix.of(voice.speaker()), settings, plan.block());
        FrameSearcher searcher = store.searcher(settings)) {
      StoreBenchmark benchmark = new StoreBenchmark(plan, clips, session, searcher);
      int passes = Math.ceilDiv(LEAST_BLOCKS, blocks);
      double[] times = benchmark.time(passes, frames, progress);
      OptionalLong resident = ResidentMemory.now();
      progress.begin("searching exactly", Progress.UNKNOWN);
      List<AskedFrame> sample = sample(clips, frames);
      double recall = benchmark.recall(store, settings, sample);
      return new StoreFigures(
          voice.speaker(),
          voice.dims(),
          clips.size(),
          frames,
          plan.clips().isEmpty(),
          plan.k(),
          plan.block(),
          passes * blocks,
          plan.rounds(),
          times[0],
          times[1],
          times[2],
          recall,
          sample.size(),
          resident.isPresent() ? resident.getAsLong() : null,
          Runtime.getRuntime().maxMemory());
    }
  }

  private static VoiceRecord voice(VoiceStore store, BenchmarkPlan plan) throws IOException {
    List<VoiceRecord> voices = store.speakers();
    if (plan.speaker().isEmpty() && voices.size() > 1) {
      throw new StoreException(
          store.folder() + ": holds " + voices.size() + " voices; name one with --speaker");
    }
    if (plan.speaker().isEmpty() && voices.size() == 1) {
      return voices.getFirst();
    }
    // A store that has none, or not this one, says so in its own words.
    try (FrameSearcher searcher = store.searcher(plan.settings(plan.speaker().orElse("?")))) {
      return searcher.voices().getFirst();
    }
  }

  /** The median and p99 of blocks and the time of a clip's frame, in microseconds. */
  private double[] time(int passes, int frames, Progress progress) throws IOException {
    progress.begin("warming up", Progress.UNKNOWN);
    long start = System.nanoTime();
    int warm = 0;
    do {
      blocks(passes);
      wholeClips();
      warm += (passes + 1) * frames;
    } while (warm < LEAST_FRAMES || System.nanoTime() - start < LEAST_NANOS);
    progress.begin("timing", (long) plan.rounds() * (passes + 1) * frames);
    double[] medians = new double[plan.rounds()];
    double[] p99s = new double[plan.rounds()];
    double[] whole = new double[plan.rounds()];
    for (int round = 0; round < plan.rounds(); round++) {
      long[] nanos = blocks(passes);
      medians[round] = quantile(nanos, .5) / 1e3;
      p99s[round] = quantile(nanos, .99) / 1e3;
      whole[round] = wholeClips() / 1e3 / frames;
      progress.advance((long) (passes + 1) * frames);
    }
    return new double[] {median(medians), median(p99s), median(whole)};
  }

  /** The nanoseconds of each block of all clips, sorted. */
  private long[] blocks(int passes) throws IOException {
    List<Long> nanos = new ArrayList<>();
    for (int pass = 0; pass < passes; pass++) {
      for (AskedClip clip : clips) {
        clip.heldOut().ifPresent(session::mute);
        for (int b = 0; b < clip.blocks(plan.block()); b++) {
          System.arraycopy(clip.frames(), b * plan.block(), block, 0, plan.block());
          long start = System.nanoTime();
          session.convert(block, plan.block(), blend, converted);
          nanos.add(System.nanoTime() - start);
        }
        clip.heldOut().ifPresent(session::unmute);
      }
    }
    return nanos.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  /** The nanoseconds of all clips together. */
  private long wholeClips() throws IOException {
    long nanos = 0;
    for (AskedClip clip : clips) {
      clip.heldOut().ifPresent(searcher::mute);
      for (int from = 0; from < clip.frames().length; from += FrameSearcher.TOGETHER) {
        // Results take the place of the frames.
        List<float[]> some = new ArrayList<>();
        for (int i = from; i < Math.min(clip.frames().length, from + FrameSearcher.TOGETHER); i++) {
          some.add(clip.frames()[i].clone());
        }
        long start = System.nanoTime();
        searcher.convert(some, blend);
        nanos += System.nanoTime() - start;
      }
      clip.heldOut().ifPresent(searcher::unmute);
    }
    return nanos;
  }

  /** A frame, and the clip it may not find. */
  private record AskedFrame(AskedClip clip, float[] frame) {}

  private static List<AskedFrame> sample(List<AskedClip> clips, int frames) {
    List<AskedFrame> all = new ArrayList<>();
    for (AskedClip clip : clips) {
      for (float[] frame : clip.frames()) {
        all.add(new AskedFrame(clip, frame));
      }
    }
    int count = Math.min(frames, RECALL_FRAMES);
    List<AskedFrame> sample = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sample.add(all.get((int) ((long) i * frames / count)));
    }
    return sample;
  }

  /** Beside a search that leaves nothing out; equally far frames are as good as each other. */
  private double recall(VoiceStore store, SearchSettings settings, List<AskedFrame> sample)
      throws IOException {
    int n = Math.toIntExact(Math.min(Integer.MAX_VALUE, store.info().frames()));
    IvfPqSearchParameters everything =
        IvfPqSearchParameters.DEFAULT
            .withNprobe(n)
            .withKFactor(Math.min(MAX_K_FACTOR, (float) n / plan.k() + 1));
    long wanted = 0;
    long right = 0;
    try (FrameSearcher exact = store.searcher(settings.withScan(everything))) {
      for (AskedFrame asked : sample) {
        asked.clip().heldOut().ifPresent(exact::mute);
        asked.clip().heldOut().ifPresent(searcher::mute);
        List<Neighbour> truth = exact.search(asked.frame());
        wanted += truth.size();
        for (Neighbour found : searcher.search(asked.frame())) {
          right += found.distance() <= truth.getLast().distance() * TOLERANCE ? 1 : 0;
        }
        asked.clip().heldOut().ifPresent(exact::unmute);
        asked.clip().heldOut().ifPresent(searcher::unmute);
      }
    }
    return wanted == 0 ? 1 : (double) right / wanted;
  }

  /** Nearest rank. */
  private static long quantile(long[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(sorted.length - 1) / 2];
  }
}
