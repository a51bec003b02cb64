// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.demo;

import dev.ivfpq.rvc.Clip;
import dev.ivfpq.rvc.StoreException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The project's sample voices.
 *
 * @param voices the clips to index, by speaker
 * @param heldOut other clips of the same speakers, to search with
 */
record SampleSet(SortedMap<String, List<Clip>> voices, SortedMap<String, List<Clip>> heldOut) {

  /**
   * Finds {@code examples/voices} and {@code examples/held-out}, a folder a speaker in each.
   *
   * @param home the project's folder
   * @throws IOException if there are not at least two voices, or no held-out clip
   */
  static SampleSet in(Path home) throws IOException {
    Path examples = home.resolve("examples");
    SampleSet set =
        new SampleSet(speakers(examples.resolve("voices")), speakers(examples.resolve("held-out")));
    if (set.voices.size() < 2 || set.heldOut.isEmpty()) {
      throw new StoreException(
          examples
              + ": the demo needs two voices and a held-out clip; restore the folder from the"
              + " project");
    }
    return set;
  }

  private static SortedMap<String, List<Clip>> speakers(Path folder) throws IOException {
    SortedMap<String, List<Clip>> speakers = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      throw new StoreException(
          folder
              + ": the sample voices are not there; run bin/ivfpq of a complete copy of the"
              + " project");
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry)) {
          speakers.put(entry.getFileName().toString(), Clip.inFolder(entry));
        }
      }
    }
    return speakers;
  }
}
