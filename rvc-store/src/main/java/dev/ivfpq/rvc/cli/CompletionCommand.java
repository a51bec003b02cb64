// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code ivfpq completion}. */
@Command(
    name = "completion",
    description = "Print a script by which bash and zsh complete sub-commands, options and files.",
    footer = {
      "",
      "The command must be on the PATH as ivfpq; zsh has run compinit first.",
      "",
      "Example, in the shell or its start-up file (~/.bashrc, ~/.zshrc):",
      "  source <(ivfpq completion)"
    })
final class CompletionCommand implements Callable<Integer> {
  @ParentCommand private Ivfpq parent;
  @Mixin private HelpOptions help;

  @Override
  public Integer call() throws IOException {
    parent
        .console()
        .print(AutoComplete.bash(Ivfpq.NAME, Ivfpq.commandLine(parent)).stripTrailing());
    return 0;
  }
}
