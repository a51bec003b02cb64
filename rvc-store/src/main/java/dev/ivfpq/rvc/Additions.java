// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Makes additions of what users have: all clips are checked before any frame is added. */
abstract class Additions {

  /** The voices that are there, by speaker. */
  abstract SortedMap<String, VoiceRecord> voices() throws IOException;

  /** Adds all, or nothing if any cannot be added. */
  abstract List<AddSummary> add(List<Addition> additions, ExistingClips existing, Progress progress)
      throws IOException;

  final AddSummary add(Voice voice, ExistingClips existing, Progress progress) throws IOException {
    List<ClipBytes> files = voice.clips().stream().map(ClipBytes::of).toList();
    var clips = CheckedClip.check(files, stays(voice.speaker(), existing), progress);
    var addition = new Addition(voice.speaker(), voice.embedder(), voice.source(), clips);
    return add(List.of(addition), existing, progress).getFirst();
  }

  final ImportSummary add(VoiceImport voice, ExistingClips existing, Progress progress)
      throws IOException {
    try (VoiceMaterial material = VoiceMaterial.open(voice.path())) {
      List<Addition> additions = new ArrayList<>();
      for (var files : voice.speakers().divide(material.files(), voice.path()).entrySet()) {
        String speaker = files.getKey();
        var clips = material.check(files.getValue(), stays(speaker, existing), progress);
        additions.add(new Addition(speaker, voice.embedder(), voice.path().toString(), clips));
      }
      return material.summary(add(additions, existing, progress));
    }
  }

  /** The voice that clips would be added to. */
  private Optional<VoiceRecord> stays(String speaker, ExistingClips existing) throws IOException {
    return existing == ExistingClips.REPLACE_ALL
        ? Optional.empty()
        : Optional.ofNullable(voices().get(speaker));
  }
}
