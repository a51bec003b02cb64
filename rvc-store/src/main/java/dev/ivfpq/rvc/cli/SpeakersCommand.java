// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.StoreInfo;
import dev.ivfpq.rvc.Voices;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ivfpq speakers}. */
@Command(
    name = "speakers",
    description = "List the speakers of a store, with their clips if asked.",
    footer = {"", "Example:", "  ivfpq speakers --store voices --clips"})
final class SpeakersCommand implements Callable<Integer> {
  @ParentCommand private Ivfpq parent;
  @Mixin private HelpOptions help;
  @Mixin private StoreOption store;
  @Mixin private JsonOption json;

  @Option(names = "--clips", description = "List each speaker's clips, too.")
  private boolean clips;

  /** A speaker with clips. */
  private record Row(SpeakerRow speaker, List<String> names) {}

  @Override
  public Integer call() throws IOException {
    List<Row> rows = new ArrayList<>();
    try (Voices voices = store.open()) {
      if (!voices.speakers().isEmpty()) {
        for (StoreInfo.Speaker speaker : voices.info().speakers()) {
          List<String> names = clips ? voices.clips(speaker.voice().speaker()) : null;
          rows.add(new Row(SpeakerRow.of(speaker), names));
        }
      }
    }
    Console console = parent.console();
    if (json.wanted) {
      console.printJson(clips ? rows : rows.stream().map(Row::speaker).toList());
      return 0;
    }
    for (Row row : rows) {
      row.speaker().print(console);
      if (clips) {
        for (String clip : row.names()) {
          console.print(
              "  %s%s",
              clip.replaceAll("\\p{Cntrl}", "?"),
              row.speaker().muted().contains(clip) ? " (muted)" : "");
        }
      }
    }
    return 0;
  }
}
