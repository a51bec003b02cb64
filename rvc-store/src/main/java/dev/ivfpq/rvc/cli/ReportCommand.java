// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.StoreReport;
import dev.ivfpq.rvc.Tuning;
import dev.ivfpq.rvc.TuningPlan;
import dev.ivfpq.rvc.VoiceCoverage;
import dev.ivfpq.rvc.VoiceStore;
import dev.ivfpq.rvc.report.ReportPage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ivfpq report}. */
@Command(
    name = "report",
    description = {
      "Write a page about a store that opens in any browser, offline: voices and what is known of",
      "them, minutes, sizes, balance of the lists, recall against time, near neighbours."
    },
    footer = {
      "",
      "Recall and times are measured, which takes from seconds to a minute; the store is not"
          + " changed.",
      "",
      "Example:",
      "  ivfpq report --store voices --out voices.html"
    })
final class ReportCommand implements Callable<Integer> {
  /** Drawn of each voice to see how near others are. */
  private static final int FRAMES_PER_VOICE = 200;

  @ParentCommand private Ivfpq parent;
  @Spec private CommandSpec spec;
  @Mixin private HelpOptions help;
  @Mixin private StoreOption store;
  @Mixin private JsonOption json;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE.html",
      description = "File for the page; replaced if it is there.")
  private Path out;

  @Option(
      names = "--frames",
      paramLabel = "N",
      showDefaultValue = Visibility.ALWAYS,
      description = "Frames to measure recall and time with, at most, for each dimension.")
  private int frames = TuningPlan.DEFAULT.frames();

  /** The lists of a segment. */
  private record Lists(
      String segment, int dims, List<Integer> sizes, double imbalance, double blockFill) {}

  /** How near a voice's frames have others; holdOut says what they could not find. */
  private record Near(String speaker, int frames, double alone, String holdOut) {}

  /** What is measured for a query that sets nothing, with what segments do by themselves. */
  private record Recall(int dims, int k, int frames, double recall, double usPerFrame) {}

  /** The page, and the figures that other commands do not give. */
  private record Result(
      String output, List<Lists> lists, List<Recall> recall, List<Near> nearNeighbours) {}

  @Override
  public Integer call() throws IOException {
    TuningPlan plan = Usage.checked(spec, () -> TuningPlan.DEFAULT.withFrames(frames));
    Console console = parent.console();
    StoreReport report;
    try (ConsoleProgress progress = console.progress();
        VoiceStore voices = VoiceStore.open(store.folder())) {
      report = StoreReport.of(voices, plan, FRAMES_PER_VOICE, progress);
    }
    byte[] page = ReportPage.html(report, Instant.now()).getBytes(StandardCharsets.UTF_8);
    PictureFile.write(page, out);
    if (json.wanted) {
      console.printJson(result(report));
    } else {
      console.print(
          "wrote %s: voices: %,d, %,d frames",
          out, report.info().speakers().size(), report.info().frames());
    }
    return 0;
  }

  private Result result(StoreReport report) {
    return new Result(
        out.toString(),
        report.balance().stream()
            .map(
                one ->
                    new Lists(
                        one.segment(),
                        one.dims(),
                        one.lists().sizes(),
                        one.lists().imbalance(),
                        one.lists().blockFill()))
            .toList(),
        report.tunings().stream().map(ReportCommand::recall).toList(),
        report.coverage().stream().map(ReportCommand::near).toList());
  }

  private static Recall recall(Tuning tuning) {
    return new Recall(
        tuning.dims(),
        tuning.k(),
        tuning.frames(),
        tuning.efforts().getFirst().recall(),
        tuning.efforts().getFirst().micros());
  }

  private static Near near(VoiceCoverage voice) {
    return new Near(voice.speaker(), voice.frames(), voice.alone(), voice.holdOut().toString());
  }
}
