// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.StoreInfo;
import dev.ivfpq.rvc.VoiceStore;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code ivfpq info}. */
@Command(
    name = "info",
    description = "Say what is in a store.",
    footer = {"", "Example:", "  ivfpq info --store voices"})
final class InfoCommand implements Callable<Integer> {
  @ParentCommand private Ivfpq parent;
  @Mixin private HelpOptions help;
  @Mixin private StoreOption store;
  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    StoreInfo info;
    try (VoiceStore voices = VoiceStore.open(store.folder)) {
      info = voices.info();
    }
    Console console = parent.console();
    if (json.wanted) {
      console.printJson(info);
    } else {
      print(info, console);
    }
    return 0;
  }

  private static void print(StoreInfo info, Console console) throws IOException {
    console.print("%,d frames x %d dims, %.1f MB", info.frames(), info.dims(), info.bytes() / 1e6);
    for (StoreInfo.Speaker speaker : info.speakers()) {
      console.print(
          "speaker \"%s\": %,d clips, %,d frames",
          speaker.name(), speaker.clips(), speaker.frames());
    }
    for (StoreInfo.Segment segment : info.segments()) {
      console.print(
          "segment %s: %,d frames, %s", segment.name(), segment.frames(), structure(segment));
    }
  }

  private static String structure(StoreInfo.Segment segment) {
    if (segment.nlist() == 0) {
      return "scanned exactly";
    }
    String requested =
        segment.requestedNlist() == 0
            ? ""
            : String.format(Locale.ROOT, " (%,d asked for)", segment.requestedNlist());
    return String.format(
        Locale.ROOT,
        "%,d lists%s, M %d, defaults nprobe %d, k-factor %s",
        segment.nlist(),
        requested,
        segment.M(),
        segment.nprobe(),
        segment.kFactor());
  }
}
