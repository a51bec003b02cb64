// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.SearchSettings;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which network made the frames. */
final class EmbedderOption {
  @Option(
      names = "--embedder",
      paramLabel = "NAME",
      description =
          "Network that made the frames, such as contentvec; kept with the voice and compared with"
              + " it.")
  private String name;

  /** The name, if one was given. */
  Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /** The settings with the name, if one was given. */
  SearchSettings apply(SearchSettings settings) {
    return name == null ? settings : settings.withEmbedder(name);
  }
}
