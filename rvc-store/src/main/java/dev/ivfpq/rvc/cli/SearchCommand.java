// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.SearchSettings;
import dev.ivfpq.rvc.Voices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ivfpq search}. */
@Command(
    name = "search",
    description = "Print the stored frames nearest to each frame of a clip.",
    footer = {
      "",
      "distance is the squared Euclidean distance, computed from the stored vectors.",
      "",
      "Example:",
      "  ivfpq search --store voices --speaker anna -k 4 --json clip.npy"
    })
final class SearchCommand implements Callable<Integer> {
  @ParentCommand private Ivfpq parent;
  @Spec private CommandSpec spec;
  @Mixin private HelpOptions help;
  @Mixin private StoreOption store;
  @Mixin private SpeakerOption speaker;
  @Mixin private JsonOption json;

  @Option(
      names = "-k",
      paramLabel = "K",
      showDefaultValue = Visibility.ALWAYS,
      description = "Neighbours a frame.")
  private int k = SearchSettings.DEFAULT.k();

  @Mixin private EmbedderOption embedder;

  @Option(
      names = "--target-recall",
      paramLabel = "R",
      description = "Search as thoroughly as was measured to find this share: .90, .95 or .99.")
  private Float targetRecall;

  @Option(
      names = "--nprobe",
      paramLabel = "N",
      description = "Lists scanned in each segment. Default: as the segment was tuned.")
  private Integer nprobe;

  @Option(
      names = "--k-factor",
      paramLabel = "F",
      description =
          "Candidates scored exactly, as a multiple of k. Default: as the segment was tuned.")
  private Float kFactor;

  @Parameters(paramLabel = "QUERY.npy", description = "A clip.")
  private Path query;

  @Override
  public Integer call() throws IOException {
    SearchSettings settings = Usage.checked(spec, this::settings);
    Console console = parent.console();
    try (ConsoleProgress progress = console.progressBesideResults();
        Voices voices = store.open()) {
      NeighbourPrinter printer =
          json.wanted ? new JsonNeighbours(console, k) : new TextNeighbours(console);
      voices.search(query, settings, printer, progress);
      printer.finish();
    }
    return 0;
  }

  private SearchSettings settings() {
    SearchSettings settings = embedder.apply(speaker.apply(SearchSettings.DEFAULT.withK(k)));
    if (targetRecall != null) {
      settings = settings.withScan(settings.scan().withTargetRecall(targetRecall));
    }
    if (nprobe != null) {
      settings = settings.withScan(settings.scan().withNprobe(nprobe));
    }
    if (kFactor != null) {
      settings = settings.withScan(settings.scan().withKFactor(kFactor));
    }
    return settings;
  }
}
