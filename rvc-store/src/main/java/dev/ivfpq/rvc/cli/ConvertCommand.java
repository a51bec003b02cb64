// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.Blend;
import dev.ivfpq.rvc.ConvertSummary;
import dev.ivfpq.rvc.SearchSettings;
import dev.ivfpq.rvc.VoiceStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
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
      "Example:",
      "  ivfpq convert --store voices --speaker anna --index-rate 0.75 --out new.npy old.npy"
    })
final class ConvertCommand implements Callable<Integer> {
  @ParentCommand private Ivfpq parent;
  @Spec private CommandSpec spec;
  @Mixin private HelpOptions help;
  @Mixin private StoreOption store;
  @Mixin private SpeakerOption speaker;
  @Mixin private JsonOption json;

  @Option(
      names = "--index-rate",
      required = true,
      paramLabel = "R",
      description = "Share of the voice in the result, 0 to 1.")
  private double indexRate;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "OUT.npy",
      description = "File for the result, float32; replaced if it is there.")
  private Path out;

  @Parameters(paramLabel = "QUERY.npy", description = "A clip.")
  private Path query;

  /** What was written, and where. */
  private record Result(String output, int frames, int dims, int unanswered, double indexRate) {}

  @Override
  public Integer call() throws IOException {
    Blend blend = Usage.checked(spec, () -> new Blend(indexRate));
    SearchSettings settings = speaker.apply(SearchSettings.DEFAULT);
    Console console = parent.console();
    ConvertSummary converted;
    try (ConsoleProgress progress = console.progress();
        VoiceStore voices = VoiceStore.open(store.folder)) {
      converted = voices.convert(query, out, settings, blend, progress);
    }
    if (json.wanted) {
      console.printJson(
          new Result(
              out.toString(),
              converted.frames(),
              converted.dims(),
              converted.unanswered(),
              indexRate));
    } else {
      console.print(
          "wrote %s: %,d frames x %d dims, %,d of them without a neighbour and left as they were",
          out, converted.frames(), converted.dims(), converted.unanswered());
    }
    return 0;
  }
}
