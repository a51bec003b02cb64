// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The project's own sample voices, searched with their held-out clips.
 *
 * @param examples the folder {@code examples}
 */
record SampleVoices(Path examples) implements SetSource {

  @Override
  public Optional<String> absence() {
    return Optional.empty();
  }

  @Override
  public VectorSet read() throws IOException {
    List<float[]> base = new ArrayList<>();
    List<String> speakers = new ArrayList<>();
    for (Path folder : folders("voices")) {
      for (float[] frame : NpyRows.ofClips(folder)) {
        base.add(frame);
        speakers.add(folder.getFileName().toString());
      }
    }
    List<float[]> heldOut = new ArrayList<>();
    for (Path folder : folders("held-out")) {
      heldOut.addAll(List.of(NpyRows.ofClips(folder)));
    }
    return new VectorSet(
        toString(),
        base.toArray(float[][]::new),
        SetSource.queries(heldOut.toArray(float[][]::new), 200),
        speakers.toArray(String[]::new));
  }

  private Iterable<Path> folders(String name) throws IOException {
    TreeSet<Path> sorted = new TreeSet<>();
    try (DirectoryStream<Path> folders =
        Files.newDirectoryStream(examples.resolve(name), Files::isDirectory)) {
      folders.forEach(sorted::add);
    }
    return sorted;
  }

  @Override
  public String toString() {
    return "sample voices";
  }
}
