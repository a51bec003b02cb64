// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.util.List;

/**
 * What is added at once: clips of one speaker.
 *
 * @param speaker 1 to 200 characters, none of them a control character, not only blanks
 * @param clips at least one
 */
public record Voice(String speaker, List<Clip> clips) {
  private static final int MAX_NAME = 200;

  /** Checks both. */
  public Voice {
    checkSpeaker(speaker);
    clips = List.copyOf(clips);
    if (clips.isEmpty()) {
      throw new IllegalArgumentException("speaker \"" + speaker + "\": no clips to add");
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
