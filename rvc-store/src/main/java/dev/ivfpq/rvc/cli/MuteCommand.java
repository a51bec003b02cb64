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

/** {@code ivfpq mute}. */
@Command(
    name = "mute",
    description = "Keep the frames of clips from being found, without removing them.",
    footer = {"", "Example:", "  ivfpq mute --store voices --speaker anna 12_3 12_4"})
final class MuteCommand implements Callable<Integer> {
  @ParentCommand private Ivfpq parent;
  @Mixin private HelpOptions help;
  @Mixin private StoreOption store;
  @Mixin private ClipsOption clips;
  @Mixin private JsonOption json;

  /** What was done to which clips. */
  private record Result(String speaker, List<String> muted) {}

  @Override
  public Integer call() throws IOException {
    Console console = parent.console();
    try (VoiceStore voices = VoiceStore.open(store.folder())) {
      for (ClipId clip : clips.ids()) {
        voices.mute(clip);
      }
    }
    if (json.wanted) {
      console.printJson(new Result(clips.speaker, clips.names));
    } else {
      console.print("muted of \"%s\": %s", clips.speaker, String.join(", ", clips.names));
    }
    return 0;
  }
}
