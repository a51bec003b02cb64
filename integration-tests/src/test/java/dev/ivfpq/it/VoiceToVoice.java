// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Two real voices of 768 dims, one searched with the frames of the other, as a conversion does.
 *
 * @param voices the folder that holds both
 */
record VoiceToVoice(Path voices) implements SetSource {

  private Path base() {
    return voices.resolve("mar/3_feature768");
  }

  private Path queries() {
    return voices.resolve("nian/3_feature768");
  }

  @Override
  public Optional<String> absence() {
    return Files.isDirectory(base()) && Files.isDirectory(queries())
        ? Optional.empty()
        : Optional.of("no folders " + base() + " and " + queries());
  }

  @Override
  public VectorSet read() throws IOException {
    float[][] base = NpyRows.ofClips(base());
    float[][] queries = SetSource.queries(NpyRows.ofClips(queries()), 1000);
    return new VectorSet(toString(), base, queries, VectorSet.fifths(base.length));
  }

  @Override
  public String toString() {
    return "voice768";
  }
}
