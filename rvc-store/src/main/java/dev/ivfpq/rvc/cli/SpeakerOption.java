// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.SearchSettings;
import java.util.List;
import picocli.CommandLine.Option;

/** Whose frames are looked at. */
final class SpeakerOption {
  @Option(
      names = "--speaker",
      paramLabel = "NAME",
      description = "Look at this speaker's frames only; may be repeated. Default: at all.")
  private List<String> names = List.of();

  /** The settings with the speakers that were given. */
  SearchSettings apply(SearchSettings settings) {
    return settings.withSpeakers(names);
  }
}
