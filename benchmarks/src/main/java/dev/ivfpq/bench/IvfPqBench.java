// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench;

import dev.ivfpq.rvc.StoreException;
import dev.ivfpq.rvc.cli.ProjectVersion;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/** The command {@code ivfpq-bench}. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
    name = "ivfpq-bench",
    description = "Comparisons of lucene-ivfpq with Lucene's own vectors formats, and their data.",
    mixinStandardHelpOptions = true,
    versionProvider = ProjectVersion.class,
    subcommands = {
      RunCommand.class,
      MergeCommand.class,
      FilterCommand.class,
      MemoryCommand.class,
      VoicesCommand.class,
      SpeakersCommand.class,
      MicroCommand.class,
      GenerateCommand.class,
      StatisticsCommand.class
    })
public final class IvfPqBench {
  private IvfPqBench() {}

  /**
   * Runs the command and exits with its code.
   *
   * @param args the words after the command's name
   */
  public static void main(String[] args) {
    // Charts are drawn to files.
    System.setProperty("java.awt.headless", "true");
    Logger.getLogger("").setLevel(Level.WARNING);
    System.exit(run(args));
  }

  /** Runs the command. Returns the exit code. */
  static int run(String... args) {
    CommandLine command = new CommandLine(new IvfPqBench());
    command.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    command.setParameterExceptionHandler((e, unused) -> refuse(e));
    command.setExecutionExceptionHandler((e, failed, unused) -> fail(e, failed));
    return command.execute(args);
  }

  private static int refuse(ParameterException e) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    System.err.println(
        e.getCommandLine().getCommandSpec().qualifiedName(": ")
            + ": "
            + e.getMessage().strip()
            + "; see "
            + command
            + " --help");
    return ExitCode.USAGE;
  }

  /** Bad input gets a sentence; anything else is a bug and shows its trace. */
  private static int fail(Exception e, CommandLine failed) throws Exception {
    String name = failed.getCommandSpec().qualifiedName(": ");
    if (e instanceof NoSuchFileException missing) {
      System.err.println(name + ": " + missing.getFile() + ": no such file; check the path");
    } else if (e instanceof IOException
        || e instanceof StoreException
        || e instanceof IllegalArgumentException) {
      System.err.println(name + ": " + e.getMessage());
    } else {
      throw e;
    }
    return ExitCode.SOFTWARE;
  }
}
