// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speakers;

import dev.ivfpq.rvc.Clip;
import dev.ivfpq.rvc.ExistingClips;
import dev.ivfpq.rvc.Neighbour;
import dev.ivfpq.rvc.Progress;
import dev.ivfpq.rvc.SearchSettings;
import dev.ivfpq.rvc.Voice;
import dev.ivfpq.rvc.VoiceRecord;
import dev.ivfpq.rvc.VoiceStore;
import java.io.IOException;
import java.util.List;

/**
 * Changes one speaker of a store, and looks until others see it: each change is checked by the
 * frames that are found, and one that is not seen ends the run.
 */
final class SpeakerChanges {
  static final String ADD = "add";
  static final String REPLACE = "replace";
  static final String REMOVE = "remove";

  private final VoiceStore store;
  private final VoiceStore other;

  /**
   * @param store makes the changes
   * @param other the same store, opened by somebody else who searches it
   */
  SpeakerChanges(VoiceStore store, VoiceStore other) {
    this.store = store;
    this.other = other;
  }

  /** A change that commits. */
  @FunctionalInterface
  private interface Change {
    void make() throws IOException;
  }

  /** Whether a store shows the change. */
  @FunctionalInterface
  private interface Sight {
    boolean in(VoiceStore store) throws IOException;
  }

  /** Adds a speaker. */
  MadeChange add(String speaker, Clip clip) throws IOException {
    float[] frame = SpeakerFiles.read(clip)[0];
    return time(
        ADD,
        speaker,
        () -> store.add(new Voice(speaker, List.of(clip)), ExistingClips.REFUSE, Progress.NONE),
        seen -> has(seen, speaker) && found(seen, speaker, frame));
  }

  /**
   * Replaces all that a speaker has.
   *
   * @param before a frame that goes
   */
  MadeChange replace(String speaker, float[] before, Clip clip) throws IOException {
    float[] frame = SpeakerFiles.read(clip)[0];
    return time(
        REPLACE,
        speaker,
        () ->
            store.add(new Voice(speaker, List.of(clip)), ExistingClips.REPLACE_ALL, Progress.NONE),
        seen -> found(seen, speaker, frame) && !found(seen, speaker, before));
  }

  /**
   * Removes a speaker.
   *
   * @param before a frame that goes
   */
  MadeChange remove(String speaker, float[] before) throws IOException {
    return time(
        REMOVE,
        speaker,
        () -> store.remove(speaker, Progress.NONE),
        seen -> !has(seen, speaker) && nearest(seen, SearchSettings.DEFAULT, before) > 0);
  }

  private MadeChange time(String kind, String speaker, Change change, Sight sight)
      throws IOException {
    String what = kind + " of " + speaker;
    if (sight.in(other)) {
      throw new IOException(what + " is seen before it is done");
    }
    long start = System.nanoTime();
    change.make();
    long committed = System.nanoTime();
    other.refresh();
    boolean refreshed = sight.in(other);
    long seen = System.nanoTime();
    boolean reopened;
    try (VoiceStore anew = VoiceStore.open(store.folder())) {
      reopened = sight.in(anew);
    }
    long seenAnew = System.nanoTime();
    if (!refreshed || !reopened) {
      throw new IOException(what + " is not seen " + (refreshed ? "in a new store" : "by others"));
    }
    return new MadeChange(
        kind,
        speaker,
        (committed - start) / 1e6,
        (seen - committed) / 1e6,
        (seenAnew - seen) / 1e6,
        store.info().segments().size());
  }

  private static boolean has(VoiceStore store, String speaker) throws IOException {
    return store.speakers().stream().map(VoiceRecord::speaker).anyMatch(speaker::equals);
  }

  private static boolean found(VoiceStore store, String speaker, float[] frame) throws IOException {
    return nearest(store, SearchSettings.DEFAULT.withSpeaker(speaker), frame) == 0;
  }

  /** Distance of the nearest frame; infinite if none was found. */
  private static double nearest(VoiceStore store, SearchSettings settings, float[] frame)
      throws IOException {
    List<Neighbour> found = store.retrieve(new float[][] {frame}, settings).getFirst();
    return found.isEmpty() ? Double.POSITIVE_INFINITY : found.getFirst().distance();
  }
}
