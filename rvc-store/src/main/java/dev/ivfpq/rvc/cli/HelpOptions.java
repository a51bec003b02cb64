// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** {@code -h} for the options in short, {@code --help} with exit codes and an example. */
@Command(
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done; also if the reader of the results closed the pipe",
      "1:failed, and a sentence on stderr says why and what to do",
      "2:wrong usage, nothing was done"
    })
final class HelpOptions {
  private static final String LONG = "--help";

  @Option(
      names = {"-h", LONG},
      usageHelp = true,
      description = "Show the options; with --help, exit codes and an example too.")
  private boolean asked;

  /** The help on {@code command} that the words in {@code words} ask for. */
  static String text(CommandLine command, ParseResult words) {
    if (!words.originalArgs().contains(LONG)) {
      command
          .getCommandSpec()
          .usageMessage()
          .footer(new String[0])
          .exitCodeListHeading("")
          .exitCodeList(Map.of());
    }
    return command.getUsageMessage();
  }
}
