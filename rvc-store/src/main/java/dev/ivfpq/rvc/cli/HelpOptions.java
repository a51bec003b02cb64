// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** {@code -h} for the options in short, {@code --help} with an example. */
final class HelpOptions {
  private static final String LONG = "--help";

  @Option(
      names = {"-h", LONG},
      usageHelp = true,
      description = "Show the options; with --help, an example too.")
  private boolean asked;

  /** The help on {@code command} that the words in {@code words} ask for. */
  static String text(CommandLine command, ParseResult words) {
    if (!words.originalArgs().contains(LONG)) {
      command.getCommandSpec().usageMessage().footer(new String[0]);
    }
    return command.getUsageMessage();
  }
}
