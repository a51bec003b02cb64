// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.ExistingClips;
import picocli.CommandLine.Option;

/** What becomes of clips that are there already. */
final class ReplaceOption {
  @Option(
      names = "--replace",
      description = "Replace clips that the speaker already has under the same name.")
  private boolean replace;

  @Option(
      names = "--replace-all",
      description = "Replace all clips that the speaker has, in the same step.")
  private boolean replaceAll;

  ExistingClips existing() {
    if (replaceAll) {
      return ExistingClips.REPLACE_ALL;
    }
    return replace ? ExistingClips.REPLACE : ExistingClips.REFUSE;
  }
}
