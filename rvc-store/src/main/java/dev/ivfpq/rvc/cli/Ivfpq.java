// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** The command {@code ivfpq}; {@link HelpOptions} has its exit codes. */
@Command(
    name = Ivfpq.NAME,
    description = "A store of voices for Retrieval-based Voice Conversion.",
    versionProvider = ProjectVersion.class,
    subcommands = {
      AddCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      SearchCommand.class,
      ConvertCommand.class,
      MixCommand.class,
      InfoCommand.class,
      SpeakersCommand.class,
      RemoveCommand.class,
      RenameCommand.class,
      MuteCommand.class,
      UnmuteCommand.class,
      CheckCommand.class,
      TuneCommand.class,
      ThinCommand.class,
      ReportCommand.class,
      BenchCommand.class,
      DemoCommand.class,
      CompletionCommand.class
    },
    footer = {
      "",
      "Each command has a --help with an example. Colours are shown on terminals alone, and not if",
      "NO_COLOR is set. source <(ivfpq completion) makes bash and zsh complete words.",
      "",
      "Example:",
      "  ivfpq add --store voices --speaker anna logs/anna/3_feature768",
      "  ivfpq convert --store voices --speaker anna --index-rate 0.75 --out new.npy old.npy",
      "  ivfpq demo"
    })
public final class Ivfpq {
  static final String NAME = "ivfpq";

  /** With this property set to true, failures print their stack trace. */
  static final String TRACE_PROPERTY = "ivfpq.trace";

  private final Console console;

  @Mixin private HelpOptions help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version and exit.")
  private boolean version;

  Ivfpq(Console console) {
    this.console = console;
  }

  Console console() {
    return console;
  }

  /**
   * Runs the command and exits with its code.
   *
   * @param args the words after the command's name
   */
  public static void main(String[] args) {
    // Lucene and our kernels log which SIMD they found; results matter here, not that.
    // Charts are drawn, but never shown.
    System.setProperty("java.awt.headless", "true");
    Logger root = Logger.getLogger("");
    root.setLevel(Level.WARNING);
    System.exit(run(args, Console.system()));
  }

  /** Runs the command. Returns the exit code. */
  static int run(String[] args, Console console) {
    CommandLine command = commandLine(new Ivfpq(console));
    command.setExecutionStrategy(new Run(console));
    command.setParameterExceptionHandler((e, unused) -> refuse(e, console));
    command.setExecutionExceptionHandler((e, failed, unused) -> fail(e, name(failed), console));
    try {
      return command.execute(args);
    } catch (OutOfMemoryError e) {
      return fail(e, NAME, console);
    }
  }

  /** The command with its sub-commands, nothing parsed yet. */
  static CommandLine commandLine(Ivfpq ivfpq) {
    return new CommandLine(ivfpq).setColorScheme(ivfpq.console.outColours());
  }

  /** Prints help where it is asked for, else runs the sub-command and writes all out. */
  private record Run(Console console) implements IExecutionStrategy {
    @Override
    public int execute(ParseResult result) {
      List<CommandLine> commands = result.asCommandLineList();
      CommandLine last = commands.getLast();
      boolean help = commands.stream().anyMatch(CommandLine::isUsageHelpRequested);
      Callable<Integer> work =
          () -> {
            int code = ExitCode.OK;
            if (help) {
              console.print(HelpOptions.text(last, result).stripTrailing());
            } else if (commands.getFirst().isVersionHelpRequested()) {
              console.print(String.join("\n", commands.getFirst().getCommandSpec().version()));
            } else {
              code = new RunLast().execute(result);
            }
            console.flush();
            return code;
          };
      try {
        return work.call();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new CommandLine.ExecutionException(last, e.toString(), e);
      }
    }
  }

  private static int refuse(ParameterException e, Console console) {
    String name = name(e.getCommandLine());
    String help = e.getCommandLine().getCommandSpec().qualifiedName() + " --help";
    String problem = e.getMessage().replaceAll("\\p{Cntrl}+", " ").strip();
    console.complain(name, problem + "; see " + help);
    return ExitCode.USAGE;
  }

  private static int fail(Throwable failure, String name, Console console) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof ClosedPipeException) {
        return ExitCode.OK;
      }
    }
    console.complain(name, FailureSentence.of(failure));
    if (Boolean.getBoolean(TRACE_PROPERTY)) {
      failure.printStackTrace();
    }
    return ExitCode.SOFTWARE;
  }

  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName(": ");
  }
}
