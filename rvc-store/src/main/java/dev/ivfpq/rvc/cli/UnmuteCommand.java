// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.ClipId;
import dev.ivfpq.rvc.VoiceStore;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code ivfpq unmute}. */
@Command(
    name = "unmute",
    description = "Let the frames of muted clips be found again.",
    footer = {"", "Example:", "  ivfpq unmute --store voices --speaker anna 12_3 12_4"})
final class UnmuteCommand implements Callable<Integer> {
  @ParentCommand private Ivfpq parent;
  @Mixin private HelpOptions help;
  @Mixin private StoreOption store;
  @Mixin private ClipsOption clips;
  @Mixin private JsonOption json;

  /** What was done to which clips. */
  private record Result(String speaker, List<String> unmuted) {}

  @Override
  public Integer call() throws IOException {
    Console console = parent.console();
    try (VoiceStore voices = VoiceStore.open(store.folder())) {
      for (ClipId clip : clips.ids()) {
        voices.unmute(clip);
      }
    }
    if (json.wanted) {
      console.printJson(new Result(clips.speaker, clips.names));
    } else {
      console.print("unmuted of \"%s\": %s", clips.speaker, String.join(", ", clips.names));
    }
    return 0;
  }
}
