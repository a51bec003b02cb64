// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speakers;

import dev.ivfpq.bench.data.VectorSet;
import dev.ivfpq.rvc.Clip;
import dev.ivfpq.rvc.ExistingClips;
import dev.ivfpq.rvc.Progress;
import dev.ivfpq.rvc.SpeakerNames;
import dev.ivfpq.rvc.VoiceImport;
import dev.ivfpq.rvc.VoiceStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.lucene.util.IOUtils;

/**
 * Builds a store of all speakers in one import, which is the quickest way to build it anew, and
 * then changes single speakers: each round adds one, replaces one and removes one.
 */
public final class SpeakersRun {
  private final SpeakersPlan plan;
  private final Path folder;
  private final Consumer<String> log;

  private SpeakersRun(SpeakersPlan plan, Path folder, Consumer<String> log) {
    this.plan = plan;
    this.folder = folder;
    this.log = log;
  }

  /**
   * Measures.
   *
   * @param folder takes the clips and the store, and is deleted at the end
   * @param log hears what is going on
   */
  public static SpeakersOutcome run(SpeakersPlan plan, Path folder, Consumer<String> log)
      throws IOException {
    // What a run that was killed left would be added to.
    IOUtils.rm(folder);
    try {
      return new SpeakersRun(plan, folder, log).run();
    } finally {
      IOUtils.rm(folder);
    }
  }

  private SpeakersOutcome run() throws IOException {
    log.accept("generating " + plan.speakers() + " speakers");
    SpeakerFiles files = new SpeakerFiles(folder.resolve("clips"), plan);
    List<Clip> clips = new ArrayList<>();
    for (int speaker = 0; speaker < plan.speakers(); speaker++) {
      clips.add(files.write(speaker, plan.frames()));
    }
    SpeakerFiles others = new SpeakerFiles(folder.resolve("others"), plan);
    VectorSet queries =
        new VectorSet(SpeakerFiles.read(others.write(plan.stranger(), plan.queries())));
    SpeakerSearches searches = new SpeakerSearches(plan, clips, queries);

    log.accept("building the store");
    Path home = folder.resolve("store");
    double rebuild = build(home);
    try (VoiceStore store = VoiceStore.open(home);
        VoiceStore other = VoiceStore.open(home)) {
      StoreRow built = StoreRow.of("as built", store.info(), plan.dims());
      log.accept("searching single speakers");
      SearchRow before = searches.run("as built", store);
      log.accept("changing single speakers");
      List<MadeChange> made = change(new SpeakerChanges(store, other), clips, others);
      StoreRow changed = StoreRow.of("after all changes", store.info(), plan.dims());
      log.accept("searching single speakers again");
      SearchRow after = searches.run("after all changes", store);
      return new SpeakersOutcome(
          List.of(built, changed),
          List.of(
              ChangeRow.of(SpeakerChanges.ADD, made, rebuild),
              ChangeRow.of(SpeakerChanges.REPLACE, made, rebuild),
              ChangeRow.of(SpeakerChanges.REMOVE, made, rebuild)),
          made,
          List.of(before, after));
    }
  }

  /** Returns the seconds it took. */
  private double build(Path home) throws IOException {
    Map<Integer, String> names =
        IntStream.range(0, plan.speakers())
            .boxed()
            .collect(Collectors.toMap(Function.identity(), SpeakerFiles::name));
    VoiceImport all = new VoiceImport(folder.resolve("clips"), SpeakerNames.numbered(names));
    long start = System.nanoTime();
    try (VoiceStore store = VoiceStore.openOrCreate(home)) {
      store.importVoice(all, ExistingClips.REFUSE, Progress.NONE);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private List<MadeChange> change(SpeakerChanges changes, List<Clip> clips, SpeakerFiles others)
      throws IOException {
    List<MadeChange> made = new ArrayList<>();
    for (int round = 0; round < plan.rounds(); round++) {
      Clip added = others.write(plan.added(round), plan.frames());
      made.add(changes.add(SpeakerFiles.name(plan.added(round)), added));

      int replaced = plan.replaced(round);
      Clip replacement = others.write(plan.replacement(round), plan.frames());
      made.add(
          changes.replace(SpeakerFiles.name(replaced), firstFrame(clips, replaced), replacement));

      int removed = plan.removed(round);
      made.add(changes.remove(SpeakerFiles.name(removed), firstFrame(clips, removed)));
    }
    return made;
  }

  private static float[] firstFrame(List<Clip> clips, int speaker) throws IOException {
    return SpeakerFiles.read(clips.get(speaker))[0];
  }
}
