// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.Clip;
import dev.ivfpq.rvc.HoldOut;
import dev.ivfpq.rvc.MeasuredEffort;
import dev.ivfpq.rvc.SearchSettings;
import dev.ivfpq.rvc.StoreTuner;
import dev.ivfpq.rvc.Tuning;
import dev.ivfpq.rvc.TuningPlan;
import dev.ivfpq.rvc.VoiceStore;
import dev.ivfpq.rvc.report.EffortChart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ivfpq tune}. */
@Command(
    name = "tune",
    description = {
      "Measure recall and time of searches over nprobe and k-factor, and make the cheapest setting",
      "that reaches the target the store's default for frames of this dimension."
    },
    footer = {
      "",
      "Searches and conversions that set nothing use the default from then on, also after voices",
      "are added; info shows it. Held-out clips are files or folders of .npy, best of whoever is"
          + " to",
      "be converted. Without them, frames of the store are searched with that do not find their"
          + " own",
      "clip. Recall is against exact search; times are of one thread.",
      "Exit code 1 if nothing that was tried reaches the target; the store then stays as it is.",
      "",
      "Examples:",
      "  ivfpq tune --store voices",
      "  ivfpq tune --store voices --speaker anna --target-recall 0.99 --out recall.svg"
          + " ben/held-out",
      "  ivfpq tune --store voices --reset"
    })
final class TuneCommand implements Callable<Integer> {
  @ParentCommand private Ivfpq parent;
  @Spec private CommandSpec spec;
  @Mixin private HelpOptions help;
  @Mixin private StoreOption store;
  @Mixin private SpeakerOption speaker;
  @Mixin private JsonOption json;

  @Option(
      names = "--target-recall",
      paramLabel = "R",
      showDefaultValue = Visibility.ALWAYS,
      description = "Share of the true neighbours to be found, above 0 to 1.")
  private double targetRecall = TuningPlan.DEFAULT.targetRecall();

  @Option(
      names = "-k",
      paramLabel = "K",
      showDefaultValue = Visibility.ALWAYS,
      description = "Neighbours a frame.")
  private int k = SearchSettings.DEFAULT.k();

  @Option(
      names = "--dims",
      paramLabel = "D",
      description = "Which frames, in a store of several dimensions.")
  private Integer dims;

  @Option(
      names = "--frames",
      paramLabel = "N",
      showDefaultValue = Visibility.ALWAYS,
      description = "Frames to search with, at most.")
  private int frames = TuningPlan.DEFAULT.frames();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Chart of recall against time, .svg or .png; replaced if it is there.")
  private Path out;

  @Option(names = "--dry-run", description = "Measure, but leave the store as it is.")
  private boolean dryRun;

  @Option(
      names = "--reset",
      description = "Take the default back (of --dims, or all) and measure nothing.")
  private boolean reset;

  @Parameters(arity = "0..*", paramLabel = "CLIP", description = "Held-out clips.")
  private List<Path> clips = List.of();

  /** One effort; nothing for nprobe and k-factor is what the segments do by themselves. */
  private record Row(Integer nprobe, Float kFactor, double recall, double usPerFrame) {
    static Row of(MeasuredEffort effort) {
      return effort.isOwnDefault()
          ? new Row(null, null, effort.recall(), effort.micros())
          : new Row(effort.nprobe(), effort.kFactor(), effort.recall(), effort.micros());
    }
  }

  /** What was measured, and what became of it. */
  private record Result(
      int dims,
      int k,
      int frames,
      HoldOut holdOut,
      double targetRecall,
      List<Row> efforts,
      Row chosen,
      boolean stored,
      String chart) {}

  /** What was taken back. */
  private record Reset(List<Integer> reset) {}

  @Override
  public Integer call() throws IOException {
    if (reset) {
      return takeBack();
    }
    if (out != null) {
      PictureFile.check(out, spec);
    }
    TuningPlan plan = Usage.checked(spec, () -> plan(List.of()));
    plan = plan(Clip.files(clips));
    Console console = parent.console();
    Tuning tuning;
    try (ConsoleProgress progress = console.progress();
        VoiceStore voices = VoiceStore.open(store.folder())) {
      StoreTuner tuner = new StoreTuner(voices);
      tuning = dryRun ? tuner.measure(plan, progress) : tuner.tune(plan, progress);
    }
    if (out != null) {
      PictureFile.write(EffortChart.of(tuning), out);
    }
    boolean reached = tuning.cheapest().isPresent();
    if (json.wanted) {
      console.printJson(
          new Result(
              tuning.dims(),
              tuning.k(),
              tuning.frames(),
              tuning.holdOut(),
              tuning.targetRecall(),
              tuning.efforts().stream().map(Row::of).toList(),
              tuning.cheapest().map(Row::of).orElse(null),
              reached && !dryRun,
              out == null ? null : out.toString()));
    } else {
      print(tuning, console);
    }
    return reached ? 0 : 1;
  }

  private TuningPlan plan(List<Path> files) {
    SearchSettings settings = speaker.apply(SearchSettings.DEFAULT.withK(k));
    OptionalInt which = dims == null ? OptionalInt.empty() : OptionalInt.of(dims);
    return new TuningPlan(settings, which, files, frames, targetRecall);
  }

  private int takeBack() throws IOException {
    if (out != null || dryRun || !clips.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--reset measures nothing: leave out --out, --dry-run and clips");
    }
    List<Integer> taken;
    try (VoiceStore voices = VoiceStore.open(store.folder())) {
      taken =
          voices.scanDefaults().keySet().stream()
              .filter(which -> dims == null || dims.equals(which))
              .toList();
      for (int which : taken) {
        voices.clearScanDefault(which);
      }
    }
    Console console = parent.console();
    if (json.wanted) {
      console.printJson(new Reset(taken));
    } else if (taken.isEmpty()) {
      console.print("no default was set");
    }
    if (!json.wanted) {
      for (int which : taken) {
        console.print("taken back: the default for %d dims", which);
      }
    }
    return 0;
  }

  private void print(Tuning tuning, Console console) throws IOException {
    console.print(
        "%,d frames x %d dims, %s",
        tuning.frames(),
        tuning.dims(),
        switch (tuning.holdOut()) {
          case GIVEN_CLIPS -> "of the clips given";
          case OWN_CLIP -> "of the store; none finds its own clip";
          case OWN_FRAME ->
              "of the store; of a clip that is more than half of it, frames beside the query are"
                  + " found, which flatters: held-out clips tell more";
        });
    console.print("nprobe  k-factor  recall@%-3d us per frame", tuning.k());
    MeasuredEffort chosen = tuning.cheapest().orElse(null);
    for (MeasuredEffort effort : tuning.efforts()) {
      String mark = effort.equals(chosen) ? "  <- cheapest" : "";
      if (effort.isOwnDefault()) {
        console.print("no setting         %.4f  %12.1f%s", effort.recall(), effort.micros(), mark);
      } else {
        console.print(
            "%6d  %8.0f   %.4f  %12.1f%s",
            effort.nprobe(), effort.kFactor(), effort.recall(), effort.micros(), mark);
      }
    }
    if (out != null) {
      console.print("chart: %s", out);
    }
    if (chosen == null) {
      console.print(
          "nothing reaches recall %s, the most is %.4f; %s stays as it is",
          tuning.targetRecall(), tuning.best().recall(), store.folder());
    } else if (dryRun) {
      console.print("dry run: %s stays as it is", store.folder());
    } else if (chosen.isOwnDefault()) {
      console.print("the store needs no default: its segments are cheapest by themselves");
    } else {
      console.print(
          "default for %d dims from now on: nprobe %d, k-factor %.0f",
          tuning.dims(), chosen.nprobe(), chosen.kFactor());
    }
  }
}
