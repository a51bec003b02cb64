// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.nio.file.Path;
import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * What is exported at once: the frames of one speaker, or of several together.
 *
 * @param speakers at least one; each counts once
 * @param name of the voice in the name of the index: what RVC looks for, 1 to 100 characters, none
 *     of them reserved in file names, and no "trained" in it
 * @param folder takes the files, made if it is not there
 */
public record VoiceExport(List<String> speakers, String name, Path folder) {
  private static final int MAX_NAME = 100;

  /** RVC replaces it in the whole path by "added". */
  static final String TRAINED = "trained";

  /** Checks all but the folder. */
  public VoiceExport {
    speakers = List.copyOf(new LinkedHashSet<>(speakers));
    if (speakers.isEmpty()) {
      throw new IllegalArgumentException("no speaker to export");
    }
    speakers.forEach(Voice::checkSpeaker);
    if (name.isBlank()
        || name.length() > MAX_NAME
        || name.chars().anyMatch(c -> Character.isISOControl(c) || "/\\:*?\"<>|".indexOf(c) >= 0)) {
      throw new IllegalArgumentException(
          "the name of an index has 1 to "
              + MAX_NAME
              + " characters, none of / \\ : * ? \" < > | and no control characters, got \""
              + name.replaceAll("\\p{Cntrl}", "?")
              + "\"");
    }
    if (name.contains(TRAINED)) {
      throw new IllegalArgumentException(
          "RVC does not find an index with \"trained\" in its name, got \""
              + name
              + "\"; give it another name");
    }
  }

  /**
   * The name of an index of these speakers: their names with hyphens between them, what is not an
   * ASCII letter or digit as underlines, as faiss on Windows opens no other file.
   */
  public static String nameOf(List<String> speakers) {
    String ascii =
        Normalizer.normalize(String.join("-", speakers), Normalizer.Form.NFD)
            .replaceAll("\\p{M}", "")
            .replaceAll("[^A-Za-z0-9._-]", "_");
    return ascii.substring(0, Math.min(MAX_NAME, ascii.length()));
  }
}
