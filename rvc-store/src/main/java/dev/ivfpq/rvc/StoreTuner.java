// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.IvfPqFieldStats;
import dev.ivfpq.IvfPqSearchParameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.Query;

/**
 * Finds by measurement how thoroughly a store's lists have to be searched.
 *
 * <p>Recall is measured against exact search, over nprobe and kFactor, and beside them what each
 * segment does by itself. Frames of the store do not find their own clip, since frames beside the
 * query are nearer than any that a real query would find. Times are medians of rounds in which all
 * efforts take turns on one thread, without that exception.
 */
public final class StoreTuner {
  private static final int[] NPROBES = {
    1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048, 4096
  };
  private static final float[] K_FACTORS = {2, 4, 8, 16, 32};

  /** Above this, more lists only take longer. */
  private static final double ENOUGH = .9995;

  private static final int ROUNDS = 5;

  private final VoiceStore store;

  /** A tuner of a store, which stays the caller's to close. */
  public StoreTuner(VoiceStore store) {
    this.store = store;
  }

  /**
   * Measures, and makes the cheapest effort that reaches the target the store's default for frames
   * of this dimension. If that is what the segments do by themselves, a default is taken back. If
   * none reaches it, the store stays as it is.
   *
   * @throws StoreException as {@link #measure}, or if the store is locked
   * @throws IOException if reading or writing fails
   */
  public Tuning tune(TuningPlan plan, Progress progress) throws IOException {
    Tuning tuning = measure(plan, progress);
    Optional<MeasuredEffort> cheapest = tuning.cheapest();
    if (cheapest.isPresent()) {
      MeasuredEffort effort = cheapest.get();
      if (effort.isOwnDefault()) {
        store.clearScanDefault(tuning.dims());
      } else {
        store.setScanDefault(
            tuning.dims(), new ScanDefault(effort.nprobe(), effort.kFactor(), effort.recall()));
      }
    }
    return tuning;
  }

  /**
   * Measures and changes nothing.
   *
   * @throws StoreException if the store is empty, has no such speaker or dimension, is searched
   *     exactly because it is small, or a clip does not fit
   * @throws IOException if reading fails
   */
  public Tuning measure(TuningPlan plan, Progress progress) throws IOException {
    OptionalInt dims = plan.dims();
    Path query = plan.clips().isEmpty() ? store.folder() : plan.clips().getFirst();
    if (!plan.clips().isEmpty()) {
      try (QueryClip clip = QueryClip.open(query)) {
        if (dims.isPresent() && dims.getAsInt() != clip.dims()) {
          throw new StoreException(
              query + ": " + clip.dims() + " dims, " + dims.getAsInt() + " are asked for");
        }
        dims = OptionalInt.of(clip.dims());
      }
    }
    try (FrameSearcher searcher = store.queries().searcher(plan.settings(), dims, query)) {
      int nlist = nlist(searcher);
      if (nlist == 0) {
        throw new StoreException(
            store.folder()
                + ": few frames of "
                + searcher.dims()
                + " dims, which are all searched exactly; there is nothing to tune");
      }
      Query filter = searcher.filter();
      HeldOutFrames heldOut =
          plan.clips().isEmpty()
              ? HeldOutFrames.ofStore(searcher, plan.frames())
              : HeldOutFrames.ofClips(plan.clips(), plan.frames(), filter);
      EffortMeter meter = new EffortMeter(searcher, heldOut);
      meter.findTruth(progress);
      List<MeasuredEffort> found = recalls(meter, nlist, plan.targetRecall(), progress);
      return new Tuning(
          searcher.dims(),
          searcher.k(),
          heldOut.count(),
          heldOut.holdOut(),
          plan.targetRecall(),
          timed(found, meter, heldOut.all(), filter, progress));
    }
  }

  /** The most lists of a segment; 0 if all are scanned exactly. */
  private static int nlist(FrameSearcher searcher) {
    int most = 0;
    for (LeafReaderContext leaf : searcher.snapshot().getIndexReader().leaves()) {
      String field = StoreLayout.vectorField(searcher.dims());
      most = Math.max(most, IvfPqFieldStats.of(leaf.reader(), field).map(s -> s.nlist()).orElse(0));
    }
    return most;
  }

  private static List<MeasuredEffort> recalls(
      EffortMeter meter, int nlist, double target, Progress progress) throws IOException {
    List<Integer> nprobes = nprobes(nlist);
    progress.begin("searching", (long) nprobes.size() * K_FACTORS.length + 1);
    List<MeasuredEffort> found = new ArrayList<>();
    found.add(new MeasuredEffort(0, 0, meter.recall(IvfPqSearchParameters.DEFAULT), 0));
    progress.advance(1);
    for (int nprobe : nprobes) {
      double best = 0;
      for (float kFactor : K_FACTORS) {
        double recall = meter.recall(scan(nprobe, kFactor));
        found.add(new MeasuredEffort(nprobe, kFactor, recall, 0));
        best = Math.max(best, recall);
        progress.advance(1);
      }
      if (best >= Math.max(target, ENOUGH)) {
        break;
      }
    }
    return found;
  }

  private static List<Integer> nprobes(int nlist) {
    List<Integer> nprobes = new ArrayList<>();
    for (int nprobe : NPROBES) {
      if (nprobe < nlist) {
        nprobes.add(nprobe);
      }
    }
    nprobes.add(nlist);
    return nprobes;
  }

  private static IvfPqSearchParameters scan(int nprobe, float kFactor) {
    return nprobe == 0
        ? IvfPqSearchParameters.DEFAULT
        : IvfPqSearchParameters.DEFAULT.withNprobe(nprobe).withKFactor(kFactor);
  }

  private static List<MeasuredEffort> timed(
      List<MeasuredEffort> found,
      EffortMeter meter,
      List<float[]> frames,
      Query filter,
      Progress progress)
      throws IOException {
    progress.begin("timing", (long) ROUNDS * found.size());
    long[][] nanos = new long[found.size()][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < nanos.length; i++) {
        MeasuredEffort effort = found.get(i);
        nanos[i][round] = meter.round(frames, filter, scan(effort.nprobe(), effort.kFactor()));
        progress.advance(1);
      }
    }
    List<MeasuredEffort> timed = new ArrayList<>();
    for (int i = 0; i < nanos.length; i++) {
      MeasuredEffort effort = found.get(i);
      double micros = EffortMeter.micros(nanos[i], frames.size());
      timed.add(new MeasuredEffort(effort.nprobe(), effort.kFactor(), effort.recall(), micros));
    }
    return timed;
  }
}
