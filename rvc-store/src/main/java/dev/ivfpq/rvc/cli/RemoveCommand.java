// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.Voices;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ivfpq remove}. */
@Command(
    name = "remove",
    description = "Remove a speaker with all frames from a store.",
    footer = {"", "Example:", "  ivfpq remove --store voices anna"})
final class RemoveCommand implements Callable<Integer> {
  @ParentCommand private Ivfpq parent;
  @Spec private CommandSpec spec;
  @Mixin private HelpOptions help;
  @Mixin private StoreOption store;
  @Mixin private ThreadsOption threads;
  @Mixin private JsonOption json;

  @Parameters(paramLabel = "NAME", description = "The speaker.")
  private String speaker;

  /** Who is gone. */
  private record Result(String removed) {}

  @Override
  public Integer call() throws IOException {
    Console console = parent.console();
    try (ConsoleProgress progress = console.progress();
        Voices voices = store.open(threads.checked(spec))) {
      voices.remove(speaker, progress);
    }
    if (json.wanted) {
      console.printJson(new Result(speaker));
    } else {
      console.print("removed \"%s\"", speaker);
    }
    return 0;
  }
}
