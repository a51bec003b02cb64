// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.ClipId;
import dev.ivfpq.rvc.VoiceStore;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ivfpq mute}. */
@Command(
    name = "mute",
    description = "Keep the frames of clips from being found, without removing them.",
    footer = {"", "Example:", "  ivfpq mute --store voices --speaker anna 12_3 12_4"})
final class MuteCommand implements Callable<Integer> {
  @ParentCommand private Ivfpq parent;
  @Mixin private HelpOptions help;
  @Mixin private StoreOption store;
  @Mixin private JsonOption json;

  @Option(
      names = "--speaker",
      required = true,
      paramLabel = "NAME",
      description = "Whose clips they are.")
  private String speaker;

  @Parameters(arity = "1..*", paramLabel = "CLIP", description = "A clip's name.")
  private List<String> clips;

  /** What was done to which clips. */
  private record Result(String speaker, List<String> muted) {}

  @Override
  public Integer call() throws IOException {
    Console console = parent.console();
    try (VoiceStore voices = VoiceStore.open(store.folder)) {
      for (String clip : clips) {
        voices.mute(new ClipId(speaker, clip));
      }
    }
    if (json.wanted) {
      console.printJson(new Result(speaker, clips));
    } else {
      console.print("muted of \"%s\": %s", speaker, String.join(", ", clips));
    }
    return 0;
  }
}
