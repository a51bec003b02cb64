// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.IvfPqSearcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.util.FixedBitSet;

/**
 * Reduces a voice to some of its frames, and tells what that does to its searches. RVC replaces
 * more than 200,000 frames by 10,000 means without a word; here frames that have a close stand-in
 * go, those that stay are as they were spoken, with clip and place, and nothing happens unasked.
 * Muted clips are neither counted nor touched.
 */
public final class VoiceThinner {
  /** Frames searched with, at most. */
  private static final int HELD_OUT = 500;

  private final VoiceStore store;

  /** A thinner for voices of a store, which stays the caller's to close. */
  public VoiceThinner(VoiceStore store) {
    this.store = store;
  }

  /**
   * Tells what a reduction would do, and changes nothing.
   *
   * @throws StoreException if the store is empty, has no such speaker, has no more frames than are
   *     to stay, or a clip does not fit
   * @throws IOException if reading fails
   */
  public Thinning preview(ThinningPlan plan, Progress progress) throws IOException {
    try (FrameSearcher searcher = open(plan)) {
      return new Choice(plan, searcher, progress).thinning();
    }
  }

  /**
   * Reduces a voice in one commit. The store is locked meanwhile.
   *
   * @throws StoreException as {@link #preview}, or if the store is locked
   * @throws IOException if reading or writing fails; the store is then as it was
   */
  public Thinning thin(ThinningPlan plan, Progress progress) throws IOException {
    Thinning[] thinning = new Thinning[1];
    HeldOutFrames heldOut =
        store
            .changes()
            .make(
                progress,
                writer -> {
                  // What was committed last, which the lock keeps as it is.
                  store.refresh();
                  try (FrameSearcher searcher = open(plan)) {
                    Choice choice = new Choice(plan, searcher, progress);
                    thinning[0] = choice.thinning();
                    writer.keep(searcher.voices().getFirst(), choice.staying(), progress);
                    return choice.heldOut;
                  }
                });
    try (FrameSearcher searcher = open(plan)) {
      return thinning[0].written(
          recall(searcher, heldOut, progress), storeBytes(searcher.snapshot()));
    }
  }

  private FrameSearcher open(ThinningPlan plan) throws IOException {
    OptionalInt dims = OptionalInt.empty();
    Path query = store.folder();
    if (!plan.clips().isEmpty()) {
      query = plan.clips().getFirst();
      try (QueryClip clip = QueryClip.open(query)) {
        dims = OptionalInt.of(clip.dims());
      }
    }
    return store
        .queries()
        .searcher(SearchSettings.DEFAULT.withSpeaker(plan.speaker()), dims, query);
  }

  private static double recall(FrameSearcher searcher, HeldOutFrames heldOut, Progress progress)
      throws IOException {
    EffortMeter meter = new EffortMeter(searcher, heldOut);
    meter.findTruth(progress);
    return meter.recall(searcher.scan());
  }

  private static long storeBytes(StoreSearcher snapshot) throws IOException {
    return FileSizes.of((DirectoryReader) snapshot.getIndexReader()).total();
  }

  /** Which frames of one snapshot stay. */
  private final class Choice {
    private final FrameSearcher searcher;
    private final Progress progress;
    private final FixedBitSet all;
    private final FixedBitSet kept;
    final HeldOutFrames heldOut;

    Choice(ThinningPlan plan, FrameSearcher searcher, Progress progress) throws IOException {
      this.searcher = searcher;
      this.progress = progress;
      var filter = searcher.selection().filter(searcher.muted());
      this.all = DocumentSet.of(searcher.snapshot(), filter);
      int goal = plan.kept(all.cardinality());
      if (goal >= all.cardinality()) {
        throw new StoreException(
            String.format(
                Locale.ROOT,
                "%s: the voice \"%s\" has %,d frames that are found, no more than the %,d that are"
                    + " to stay; ask for fewer",
                store.folder(),
                plan.speaker(),
                all.cardinality(),
                goal));
      }
      this.heldOut =
          plan.clips().isEmpty()
              ? HeldOutFrames.ofStore(searcher, HELD_OUT)
              : HeldOutFrames.ofClips(plan.clips(), HELD_OUT, filter);
      this.kept = new NearDuplicates(searcher, all, progress).drop(goal);
    }

    /** The frames that are written anew: those chosen, and those of muted clips. */
    StoredFrames staying() throws IOException {
      VoiceSelection voice = searcher.selection();
      FixedBitSet staying = DocumentSet.of(searcher.snapshot(), voice.filter(List.of()));
      staying.andNot(all);
      staying.or(kept);
      return frames(staying);
    }

    private StoredFrames frames(FixedBitSet documents) {
      return new StoredFrames(
          searcher.snapshot().getIndexReader(), new DocumentSet(documents), searcher.dims());
    }

    Thinning thinning() throws IOException {
      return new Thinning(
          searcher.voices().getFirst().speaker(),
          searcher.dims(),
          all.cardinality(),
          kept.cardinality(),
          clips(all) - clips(kept),
          change(),
          recall(searcher, heldOut, progress),
          OptionalDouble.empty(),
          storeBytes(searcher.snapshot()),
          OptionalLong.empty());
    }

    private int clips(FixedBitSet documents) throws IOException {
      Set<String> clips = new HashSet<>();
      frames(documents).forEach((clip, number, vector) -> clips.add(clip));
      return clips.size();
    }

    private Thinning.Change change() throws IOException {
      progress.begin("comparing", heldOut.count());
      IvfPqSearcher lookup =
          new IvfPqSearcher(searcher.snapshot(), StoreLayout.vectorField(searcher.dims()));
      ThinningMeter meter = new ThinningMeter(searcher, lookup, kept);
      for (HeldOutFrames.Group group : heldOut.groups()) {
        meter.compare(group, progress);
      }
      return meter.change(heldOut.holdOut());
    }
  }
}
