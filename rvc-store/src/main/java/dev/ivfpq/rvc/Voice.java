// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is added at once: clips of one speaker.
 *
 * @param speaker 1 to 200 characters, none of them a control character, not only blanks
 * @param clips at least one
 * @param embedder the network that made the frames, if it is known
 */
public record Voice(String speaker, List<Clip> clips, Optional<String> embedder) {
  private static final int MAX_NAME = 200;

  /** Checks all. */
  public Voice {
    checkSpeaker(speaker);
    embedder.ifPresent(Voice::checkEmbedder);
    clips = List.copyOf(clips);
    if (clips.isEmpty()) {
      throw new IllegalArgumentException("speaker \"" + speaker + "\": no clips to add");
    }
  }

  /** A voice whose embedder is not known. */
  public Voice(String speaker, List<Clip> clips) {
    this(speaker, clips, Optional.empty());
  }

  /** The folders of the clips, as they were given. */
  String source() {
    return clips.stream()
        .map(clip -> String.valueOf(clip.file().getParent()))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /**
   * Checks an embedder's name.
   *
   * @throws IllegalArgumentException saying what a name may be
   */
  static void checkEmbedder(String embedder) {
    if (!embedder.matches("[A-Za-z0-9][A-Za-z0-9._/-]{0,99}")) {
      throw new IllegalArgumentException(
          "an embedder's name has 1 to 100 letters, digits and . _ / -, such as contentvec, got \""
              + embedder.replaceAll("\\p{Cntrl}", "?")
              + "\"");
    }
  }

  /**
   * Checks a speaker's name.
   *
   * @throws IllegalArgumentException saying what a name may be
   */
  static void checkSpeaker(String speaker) {
    if (speaker.isBlank()
        || speaker.length() > MAX_NAME
        || speaker.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "a speaker's name has 1 to "
              + MAX_NAME
              + " characters, no control characters and not"
              + " only blanks, got \""
              + speaker.replaceAll("\\p{Cntrl}", "?")
              + "\"");
    }
  }
}
