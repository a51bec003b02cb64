// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.VoiceStore;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ivfpq rename}. */
@Command(
    name = "rename",
    description = "Give a speaker another name; the frames are written anew.",
    footer = {"", "Example:", "  ivfpq rename --store voices anna \"anna 2024\""})
final class RenameCommand implements Callable<Integer> {
  @ParentCommand private Ivfpq parent;
  @Spec private CommandSpec spec;
  @Mixin private HelpOptions help;
  @Mixin private StoreOption store;
  @Mixin private ThreadsOption threads;
  @Mixin private JsonOption json;

  @Parameters(index = "0", paramLabel = "OLD", description = "The speaker.")
  private String from;

  @Parameters(index = "1", paramLabel = "NEW", description = "The new name.")
  private String to;

  /** Who is called how. */
  private record Result(String from, String to) {}

  @Override
  public Integer call() throws IOException {
    Console console = parent.console();
    try (ConsoleProgress progress = console.progress();
        VoiceStore voices = VoiceStore.open(store.folder(), threads.checked(spec))) {
      voices.rename(from, to, progress);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    if (json.wanted) {
      console.printJson(new Result(from, to));
    } else {
      console.print("renamed \"%s\" to \"%s\"", from, to);
    }
    return 0;
  }
}
