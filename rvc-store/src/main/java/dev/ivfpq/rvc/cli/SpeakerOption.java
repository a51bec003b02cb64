// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.SearchSettings;
import picocli.CommandLine.Option;

/** Whose frames alone are looked at. */
final class SpeakerOption {
  @Option(
      names = "--speaker",
      paramLabel = "NAME",
      description = "Look at this speaker's frames only. Default: at all.")
  private String name;

  /** The settings with the speaker, if one was given. */
  SearchSettings apply(SearchSettings settings) {
    return name == null ? settings : settings.withSpeaker(name);
  }
}
