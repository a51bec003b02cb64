// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.demo;

import dev.ivfpq.rvc.AddSummary;
import dev.ivfpq.rvc.Blend;
import dev.ivfpq.rvc.Clip;
import dev.ivfpq.rvc.ConvertSummary;
import dev.ivfpq.rvc.ExistingClips;
import dev.ivfpq.rvc.Progress;
import dev.ivfpq.rvc.SearchSettings;
import dev.ivfpq.rvc.StoreException;
import dev.ivfpq.rvc.Voice;
import dev.ivfpq.rvc.VoiceStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The main job, start to end: indexes the sample voices, searches with a clip that is not among
 * them, converts it to the voice that has most material of all others, and measures the search.
 */
public final class Demo {
  /** RVC's default. */
  private static final double INDEX_RATE = 0.75;

  private final SampleSet samples;
  private final Progress progress;

  /**
   * Finds the samples.
   *
   * @param home the project's folder
   * @throws StoreException if they are not there
   * @throws IOException if they cannot be listed
   */
  public Demo(Path home, Progress progress) throws IOException {
    this.samples = SampleSet.in(home);
    this.progress = progress;
  }

  /**
   * Runs it.
   *
   * @param folder becomes the store; must be new or empty
   * @param scratch an existing folder for the indexes that are compared with
   * @param output takes the converted clip
   * @throws StoreException if {@code folder} is already a store
   * @throws IOException if reading or writing fails
   */
  public DemoReport run(Path folder, Path scratch, Path output) throws IOException {
    try (VoiceStore store = VoiceStore.openOrCreate(folder)) {
      if (!store.dims().isEmpty()) {
        throw new StoreException(
            folder + ": already a store; the demo makes its own, name a new folder");
      }
      String speaker = samples.heldOut().firstKey();
      Clip query = samples.heldOut().get(speaker).getFirst();
      long vectors = 0;
      String target = null;
      long most = 0;
      for (Map.Entry<String, List<Clip>> voice : samples.voices().entrySet()) {
        AddSummary added =
            store.add(new Voice(voice.getKey(), voice.getValue()), ExistingClips.REFUSE, progress);
        vectors += added.frames();
        if (added.frames() > most && !added.speaker().equals(speaker)) {
          most = added.frames();
          target = added.speaker();
        }
      }
      double ownShare = ownShare(store, query, speaker);
      SearchSettings inTarget = SearchSettings.DEFAULT.withSpeaker(target);
      ConvertSummary converted =
          store.convert(query.file(), output, inTarget, new Blend(INDEX_RATE), progress);
      Measurement measured =
          Measurement.of(folder, scratch, timedClips(target), inTarget, progress);
      return new DemoReport(
          samples.voices().size(),
          vectors,
          converted.dims(),
          query.name(),
          speaker,
          converted.frames(),
          ownShare,
          target,
          output.toString(),
          measured.frames(),
          measured.recall(),
          measured.micros(),
          measured.hnswMicros(),
          measured.hnsw().recall(),
          measured.hnsw().maxConn(),
          measured.hnsw().contender().queue());
    }
  }

  /** Share of a clip's neighbours among all voices that are of the speaker's own. */
  private double ownShare(VoiceStore store, Clip query, String speaker) throws IOException {
    AtomicLong all = new AtomicLong();
    AtomicLong own = new AtomicLong();
    store.search(
        query.file(),
        SearchSettings.DEFAULT,
        (frame, neighbours) -> {
          all.addAndGet(neighbours.size());
          own.addAndGet(neighbours.stream().filter(n -> n.speaker().equals(speaker)).count());
        },
        progress);
    return all.get() == 0 ? 0 : own.get() / (double) all.get();
  }

  /** All held-out clips of other speakers than the target. */
  private List<Clip> timedClips(String target) {
    return samples.heldOut().entrySet().stream()
        .filter(speaker -> !speaker.getKey().equals(target))
        .flatMap(speaker -> speaker.getValue().stream())
        .toList();
  }
}
