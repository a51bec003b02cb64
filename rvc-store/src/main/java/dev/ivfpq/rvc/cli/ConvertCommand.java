// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.ClipConversion;
import dev.ivfpq.rvc.ConvertSummary;
import dev.ivfpq.rvc.SearchSettings;
import dev.ivfpq.rvc.Voices;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ivfpq convert}. */
@Command(
    name = "convert",
    description = "Blend each frame of a clip with its eight nearest stored frames, as RVC does.",
    footer = {
      "",
      "A frame q with neighbours x at squared distances s becomes R*sum(w*x) + (1-R)*q, the"
          + " weights",
      "w being (1/s)^2 over their sum. A frame without any neighbour stays as it is.",
      "",
      "Unvoiced frames are protected, given the pitch, by RVC's formula: P*converted + (1-P)*q.",
      "",
      "Examples:",
      "  ivfpq convert --store voices --speaker anna --index-rate 0.75 --out new.npy old.npy",
      "  ivfpq convert --store voices --speaker anna --index-rate 0.75 --f0 f0.npy --protect 0.33"
          + " --out new.npy old.npy"
    })
final class ConvertCommand implements Callable<Integer> {
  @ParentCommand private Ivfpq parent;
  @Spec private CommandSpec spec;
  @Mixin private HelpOptions help;
  @Mixin private StoreOption store;
  @Mixin private SpeakerOption speaker;
  @Mixin private EmbedderOption embedder;
  @Mixin private BlendOptions options;
  @Mixin private JsonOption json;

  /** What was written, and where. */
  private record Result(
      String output, int frames, int dims, int rows, int unanswered, double indexRate) {}

  @Override
  public Integer call() throws IOException {
    ClipConversion conversion = options.conversion(spec);
    SearchSettings settings = embedder.apply(speaker.apply(SearchSettings.DEFAULT));
    Console console = parent.console();
    ConvertSummary converted;
    try (ConsoleProgress progress = console.progress();
        Voices voices = store.open()) {
      converted = voices.convert(conversion, settings, progress);
    }
    if (json.wanted) {
      console.printJson(
          new Result(
              options.out.toString(),
              converted.frames(),
              converted.dims(),
              converted.rows(),
              converted.unanswered(),
              options.indexRate));
    } else {
      options.print(console, converted);
    }
    return 0;
  }
}
