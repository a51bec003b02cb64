// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a set of vectors is read from, when its turn comes. */
interface SetSource {

  /** Why there is nothing to read; empty if there is. */
  Optional<String> absence();

  VectorSet read() throws IOException;

  /**
   * Every source there is or could be: the sample voices, {@code voice768}, and the folders in
   * {@code -Dtests.sets}.
   *
   * @param root the project's folder
   */
  static List<SetSource> all(Path root) throws IOException {
    List<SetSource> sources = new ArrayList<>();
    sources.add(new SampleVoices(root.resolve("examples")));
    sources.add(new VoiceToVoice(root.resolveSibling("shared/data/voices/v2")));
    sources.addAll(MatrixFolder.inProperty(root));
    return sources;
  }

  /** Evenly spread over the rows, {@code -Dtests.queries} or {@code otherwise} of them. */
  static float[][] queries(float[][] rows, int otherwise) {
    int most = Integer.getInteger("tests.queries", otherwise);
    return Spread.of(rows.length, most).mapToObj(i -> rows[i]).toArray(float[][]::new);
  }
}
