// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench;

import dev.ivfpq.bench.data.VectorReader;
import dev.ivfpq.bench.data.VectorSet;
import dev.ivfpq.bench.report.RunHead;
import dev.ivfpq.bench.report.Table;
import dev.ivfpq.bench.report.TableReport;
import dev.ivfpq.bench.run.Distance;
import dev.ivfpq.bench.voices.VoiceRow;
import dev.ivfpq.bench.voices.VoicesPlan;
import dev.ivfpq.bench.voices.VoicesRun;
import dev.ivfpq.kernel.Kernels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ivfpq-bench voices}. */
@Command(
    name = "voices",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measure the voice store on one voice, search and blend, in one thread: real-time blocks, a"
          + " whole clip, memory and recall; beside it exact search, Lucene's HNSW and faiss.",
      "The store is searched with no parameter, and with the cheapest that ivfpq tune finds for"
          + " --target; the others so that their recall is at least what it has with no parameter,"
          + " faiss also with RVC's nprobe 1."
    })
final class VoicesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--base",
      required = true,
      paramLabel = "FILE",
      description = "The voice: .npy, a folder of them, .fvecs, .fbin, idx3-ubyte[.gz].")
  private Path base;

  @Option(
      names = "--queries",
      required = true,
      paramLabel = "FILE",
      description = "Frames of others, in any of these kinds.")
  private Path queries;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for results; true neighbours are kept beside it.")
  private Path out;

  @Option(
      names = "--k",
      paramLabel = "N",
      defaultValue = "8",
      description = "Neighbours a frame. Default: ${DEFAULT-VALUE}, as RVC.")
  private int k;

  @Option(
      names = "--block",
      paramLabel = "N",
      defaultValue = "16",
      description = "Frames of a block. Default: ${DEFAULT-VALUE}, as RVC's 250 ms.")
  private int block;

  @Option(
      names = "--clip",
      paramLabel = "N",
      defaultValue = "3000",
      description =
          "Frames of a clip; queries are taken again where there are fewer."
              + " Default: ${DEFAULT-VALUE}.")
  private int clip;

  @Option(
      names = "--target",
      paramLabel = "R",
      defaultValue = "0.95",
      description = "Recall that the store is tuned for. Default: ${DEFAULT-VALUE}.")
  private double target;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "0.5",
      description =
          "About how long the blocks of a round, and its clip, may each take; slow systems convert"
              + " fewer. Default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Timed rounds, medians of which count. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--python",
      split = ",",
      paramLabel = "COMMAND",
      defaultValue = "python3,/usr/bin/python3",
      description = "The first that has faiss is asked. Default: ${DEFAULT-VALUE}.")
  private List<String> pythons;

  @Override
  public Integer call() throws Exception {
    VoicesPlan plan;
    try {
      plan =
          new VoicesPlan(k, block, clip, VoicesPlan.INDEX_RATE, target, seconds, rounds, pythons);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    say("reading " + base);
    VectorSet voice = VectorReader.read(base);
    VectorSet asked = VectorReader.read(queries);
    Path folder = Files.createDirectories(out).toAbsolutePath();
    List<String> words = spec.commandLine().getParent().getParseResult().originalArgs();
    RunHead head =
        RunHead.now(
            words,
            Kernels.awaitFastScan().name(),
            voice,
            asked,
            Distance.EUCLIDEAN.toString(),
            rounds);
    List<VoiceRow> rows =
        VoicesRun.run(plan, voice, asked, folder.resolve("work"), folder.getParent(), this::say);
    List<Table<?>> tables =
        List.of(
            new Table<>(
                "results",
                "Converting to one voice",
                "One thread, search and blend; medians of interleaved rounds. times_ivfpq: how many"
                    + " times what the store takes with no parameter. resident_mb: memory of a"
                    + " process of its own after 10,000 queries, mapped files apart; that of ivfpq"
                    + " has 64 MB of heap.",
                VoiceRow.class,
                rows));
    TableReport.write(folder, head, tables);
    TableReport.print(tables, spec.commandLine().getOut());
    say("results are in " + out);
    return 0;
  }

  private void say(String step) {
    spec.commandLine().getErr().println("ivfpq-bench: voices: " + step);
  }
}
