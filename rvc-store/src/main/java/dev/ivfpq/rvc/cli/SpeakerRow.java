// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.StoreInfo;
import dev.ivfpq.rvc.VoiceRecord;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * A speaker as it is printed.
 *
 * @param version null if RVC takes no such frames
 * @param embedder null if it is not known
 * @param muted clips that are not found
 */
record SpeakerRow(
    String name,
    int dims,
    String version,
    String embedder,
    int clips,
    List<String> muted,
    long frames,
    double seconds,
    String source,
    String date) {

  static SpeakerRow of(StoreInfo.Speaker speaker) {
    VoiceRecord voice = speaker.voice();
    return new SpeakerRow(
        voice.speaker(),
        voice.dims(),
        voice.version().orElse(null),
        voice.embedder().orElse(null),
        speaker.clips(),
        speaker.muted(),
        speaker.frames(),
        speaker.seconds(),
        voice.source(),
        voice.date().toString());
  }

  /** Prints a line. */
  void print(Console console) throws IOException {
    console.print(
        "speaker \"%s\": %,d clips%s, %,d frames (%.1f min) x %d dims%s%s",
        name,
        clips,
        muted.isEmpty() ? "" : String.format(Locale.ROOT, " (%,d muted)", muted.size()),
        frames,
        seconds / 60,
        dims,
        version == null ? "" : ", " + version,
        embedder == null ? "" : ", " + embedder);
  }
}
