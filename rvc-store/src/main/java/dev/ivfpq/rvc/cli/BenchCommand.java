// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.VoiceStore;
import dev.ivfpq.rvc.bench.BenchmarkPlan;
import dev.ivfpq.rvc.bench.StoreBenchmark;
import dev.ivfpq.rvc.bench.StoreFigures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ivfpq bench}. */
@Command(
    name = "bench",
    description = "Time a voice of a store: blocks of a stream, whole clips, memory and recall.",
    footer = {
      "",
      "One thread; medians of rounds, after two seconds of warming up. Frames of RVC come 50 a",
      "second. Memory is that of this process but for mapped files, and most of it is heap that",
      "Java takes because it may: JAVA_TOOL_OPTIONS='-Xmx64m -XX:+UseSerialGC' shows what it"
          + " needs.",
      "",
      "Example:",
      "  ivfpq bench --store voices --speaker anna clip.npy"
    })
final class BenchCommand implements Callable<Integer> {
  private static final double FRAMES_A_SECOND = 50;

  @ParentCommand private Ivfpq parent;
  @Spec private CommandSpec spec;
  @Mixin private HelpOptions help;
  @Mixin private StoreOption store;
  @Mixin private JsonOption json;

  @Option(
      names = "--speaker",
      paramLabel = "NAME",
      description = "Convert to this voice. Default: the only one of the store.")
  private Optional<String> speaker = Optional.empty();

  @Option(
      names = "--block",
      paramLabel = "N",
      showDefaultValue = Visibility.ALWAYS,
      description = "Frames of a block.")
  private int block = BenchmarkPlan.DEFAULT.block();

  @Option(
      names = "-k",
      paramLabel = "K",
      showDefaultValue = Visibility.ALWAYS,
      description = "Neighbours a frame.")
  private int k = BenchmarkPlan.DEFAULT.k();

  @Option(
      names = "--index-rate",
      paramLabel = "R",
      showDefaultValue = Visibility.ALWAYS,
      description = "Share of the store's frames in the result, 0 to 1.")
  private double indexRate = BenchmarkPlan.DEFAULT.indexRate();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      showDefaultValue = Visibility.ALWAYS,
      description = "Rounds that medians are taken over.")
  private int rounds = BenchmarkPlan.DEFAULT.rounds();

  @Parameters(
      arity = "0..*",
      paramLabel = "QUERY.npy",
      description =
          "Clips, or folders of them, to ask with. Default: clips of the voice, each held out while"
              + " its own frames ask.")
  private List<Path> clips = List.of();

  @Override
  public Integer call() throws IOException {
    BenchmarkPlan plan =
        Usage.checked(spec, () -> new BenchmarkPlan(speaker, clips, block, k, indexRate, rounds));
    Console console = parent.console();
    StoreFigures figures;
    try (ConsoleProgress progress = console.progress();
        VoiceStore voices = VoiceStore.open(store.folder())) {
      figures = StoreBenchmark.run(voices, plan, progress);
    }
    if (json.wanted) {
      console.printJson(figures);
    } else {
      print(figures, console);
    }
    return 0;
  }

  private static void print(StoreFigures figures, Console console) throws IOException {
    console.print(
        "voice \"%s\", %d dims; %,d frames of %d clips%s, %d neighbours each",
        figures.speaker(),
        figures.dims(),
        figures.frames(),
        figures.clips(),
        figures.heldOut() ? " of its own, each held out" : "",
        figures.k());
    double blockMicros = 1e6 * figures.block() / FRAMES_A_SECOND;
    console.print(
        "block of %d frames    median %.3f ms, p99 %.3f ms: %.2f %% of the %.0f ms it lasts",
        figures.block(),
        figures.blockMedianMicros() / 1e3,
        figures.blockP99Micros() / 1e3,
        100 * figures.blockMedianMicros() / blockMicros,
        blockMicros / 1e3);
    console.print(
        "whole clips           %.1f us a frame: %,.0f times as fast as they last",
        figures.clipMicros(), 1e6 / FRAMES_A_SECOND / figures.clipMicros());
    console.print(
        "recall@%d              %.4f, %d frames beside a search of everything",
        figures.k(), figures.recall(), figures.recallFrames());
    if (figures.residentBytes() != null) {
      console.print(
          "memory                %.0f MB beside mapped files, heap of up to %,.0f MB",
          figures.residentBytes() / 1e6, figures.heapLimitBytes() / 1e6);
    }
  }
}
