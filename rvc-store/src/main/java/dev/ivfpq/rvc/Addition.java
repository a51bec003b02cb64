// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Frames on their way into a store.
 *
 * @param speaker whose they are
 * @param embedder the network that made them, if it is known
 * @param source where they are, as the user named it
 * @param clips at least one, checked, all of one dimension
 */
record Addition(
    String speaker, Optional<String> embedder, String source, List<? extends CheckedFrames> clips) {

  int dims() {
    return clips.getFirst().dims();
  }

  long frames() {
    return clips.stream().mapToLong(CheckedFrames::frames).sum();
  }

  /**
   * What the store knows of the voice after the addition.
   *
   * @param before what it knows if the voice stays
   */
  VoiceRecord record(Optional<VoiceRecord> before) {
    return new VoiceRecord(
        speaker,
        dims(),
        embedder.or(() -> before.flatMap(VoiceRecord::embedder)),
        source,
        Instant.now().truncatedTo(ChronoUnit.SECONDS));
  }
}
