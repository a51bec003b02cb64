// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Frames on their way into a store.
 *
 * @param speaker whose they are
 * @param embedder the network that made them, if it is known
 * @param source where they are, as the user named it
 * @param clips at least one, checked, all of one dimension
 */
public record Addition(
    String speaker, Optional<String> embedder, String source, List<? extends CheckedFrames> clips) {

  /** Dimension of all frames. */
  public int dims() {
    return clips.getFirst().dims();
  }

  /** Number of frames of all clips. */
  public long frames() {
    return clips.stream().mapToLong(CheckedFrames::frames).sum();
  }

  /**
   * What the store knows of the voice after the addition.
   *
   * @param before what it knows if the voice stays
   */
  public VoiceRecord record(Optional<VoiceRecord> before) {
    return new VoiceRecord(
        speaker,
        dims(),
        embedder.or(() -> before.flatMap(VoiceRecord::embedder)),
        source,
        Instant.now().truncatedTo(ChronoUnit.SECONDS));
  }

  /**
   * Checks that the clips can become part of a voice.
   *
   * @param before what the store knows of the voice if it stays
   * @throws StoreException if that has other dims or is of another embedder
   */
  public void checkFits(Optional<VoiceRecord> before) throws IOException {
    clips.getFirst().checkDims(before);
    if (before.isPresent() && !before.get().fits(embedder)) {
      throw new StoreException(
          clips.getFirst().file()
              + ": made by "
              + embedder.get()
              + ", but the voice "
              + before.get().description()
              + " by "
              + before.get().embedder().get()
              + "; add it under another name, or replace the voice");
    }
  }

  /** That the speaker already has some of the clips, of which there is one at least. */
  public StoreException alreadyThere(Set<String> present) {
    CheckedFrames first =
        clips.stream().filter(clip -> present.contains(clip.name())).findFirst().get();
    return new StoreException(
        first.file()
            + ": speaker \""
            + speaker
            + "\" already has clip \""
            + first.name()
            + "\""
            + (present.size() > 1 ? " (and " + (present.size() - 1) + " more of these)" : "")
            + "; rename the file, or replace what is in the store with --replace");
  }
}
