// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.ClipConversion;
import dev.ivfpq.rvc.ConvertSummary;
import dev.ivfpq.rvc.Mix;
import dev.ivfpq.rvc.SearchSettings;
import dev.ivfpq.rvc.VoiceStore;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ivfpq mix}. */
@Command(
    name = "mix",
    description =
        "Blend each frame of a clip with a mix of voices, each with eight neighbours of its own.",
    footer = {
      "",
      "Each speaker's blend is made as by convert and weighs by the speaker's share.",
      "",
      "Example:",
      "  ivfpq mix --store voices --share anna=0.3 --share ben=0.7 --index-rate 0.75 --out new.npy"
          + " old.npy"
    })
final class MixCommand implements Callable<Integer> {
  @ParentCommand private Ivfpq parent;
  @Spec private CommandSpec spec;
  @Mixin private HelpOptions help;
  @Mixin private StoreOption store;
  @Mixin private BlendOptions options;
  @Mixin private JsonOption json;
  @Mixin private EmbedderOption embedder;

  @Option(
      names = "--share",
      required = true,
      paramLabel = "NAME=SHARE",
      description = "How much of a speaker; shares count by their sum. Repeat for each.")
  private Map<String, Double> shares;

  /** What was written, and where. */
  private record Result(
      String output,
      int frames,
      int dims,
      int rows,
      int unanswered,
      double indexRate,
      Map<String, Double> shares) {}

  @Override
  public Integer call() throws IOException {
    ClipConversion conversion = options.conversion(spec);
    Mix mix = Usage.checked(spec, () -> new Mix(shares));
    SearchSettings settings = embedder.apply(SearchSettings.DEFAULT);
    Console console = parent.console();
    ConvertSummary mixed;
    try (ConsoleProgress progress = console.progress();
        VoiceStore voices = VoiceStore.open(store.folder())) {
      mixed = voices.mix(conversion, mix, settings, progress);
    }
    if (json.wanted) {
      console.printJson(
          new Result(
              options.out.toString(),
              mixed.frames(),
              mixed.dims(),
              mixed.rows(),
              mixed.unanswered(),
              options.indexRate,
              mix.shares()));
    } else {
      options.print(console, mixed);
    }
    return 0;
  }
}
