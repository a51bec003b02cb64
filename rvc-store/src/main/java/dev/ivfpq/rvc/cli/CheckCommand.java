// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.VoiceStore;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ivfpq check}. */
@Command(
    name = "check",
    description = "Read all of a store and say what is wrong with it.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the store is sound",
      "1:something is wrong, or reading failed",
      "2:wrong usage"
    },
    footer = {
      "",
      "Lucene's check of its index runs first, then that every voice has frames of its dimension",
      "and every frame a recorded voice. The store is locked meanwhile.",
      "",
      "Example:",
      "  ivfpq check --store voices"
    })
final class CheckCommand implements Callable<Integer> {
  @ParentCommand private Ivfpq parent;
  @Spec private CommandSpec spec;
  @Mixin private HelpOptions help;
  @Mixin private StoreOption store;
  @Mixin private ThreadsOption threads;
  @Mixin private JsonOption json;

  /** What was found. */
  private record Result(boolean sound, List<String> problems) {}

  @Override
  public Integer call() throws IOException {
    Console console = parent.console();
    List<String> problems;
    try (ConsoleProgress progress = console.progress();
        VoiceStore voices = VoiceStore.open(store.folder(), threads.checked(spec))) {
      problems = voices.check(progress);
    }
    if (json.wanted) {
      console.printJson(new Result(problems.isEmpty(), problems));
    } else if (problems.isEmpty()) {
      console.print("sound");
    } else {
      for (String problem : problems) {
        console.print(problem);
      }
    }
    return problems.isEmpty() ? 0 : 1;
  }
}
