// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.ScanDefault;
import dev.ivfpq.rvc.StoreInfo;
import dev.ivfpq.rvc.VoiceStore;
import dev.ivfpq.rvc.Voices;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

  /** The store as it is printed. */
  private record Result(
      List<Integer> dims,
      long frames,
      long bytes,
      List<SpeakerRow> speakers,
      List<StoreInfo.Segment> segments,
      Map<Integer, ScanDefault> scanDefaults) {}

  @Override
  public Integer call() throws IOException {
    Result info;
    try (Voices voices = store.open()) {
      StoreInfo found = voices.info();
      info =
          new Result(
              found.speakers().stream().map(s -> s.voice().dims()).distinct().sorted().toList(),
              found.frames(),
              found.bytes(),
              found.speakers().stream().map(SpeakerRow::of).toList(),
              found.segments(),
              voices instanceof VoiceStore local ? local.scanDefaults() : Map.of());
    }
    Console console = parent.console();
    if (json.wanted) {
      console.printJson(info);
    } else {
      print(info, console);
    }
    return 0;
  }

  private static void print(Result info, Console console) throws IOException {
    console.print("%,d frames, %.1f MB", info.frames(), info.bytes() / 1e6);
    for (SpeakerRow speaker : info.speakers()) {
      speaker.print(console);
    }
    for (StoreInfo.Segment segment : info.segments()) {
      console.print(
          "segment %s: %,d frames x %d dims, %s",
          segment.name(), segment.frames(), segment.dims(), structure(segment));
    }
    for (Map.Entry<Integer, ScanDefault> scan : info.scanDefaults().entrySet()) {
      console.print(
          "default for %d dims: nprobe %d, k-factor %s, recall %.3f when it was tuned",
          scan.getKey(),
          scan.getValue().nprobe(),
          scan.getValue().kFactor(),
          scan.getValue().recall());
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
