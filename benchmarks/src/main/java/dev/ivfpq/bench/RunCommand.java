// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench;

import dev.ivfpq.bench.data.VectorSet;
import dev.ivfpq.bench.report.Reports;
import dev.ivfpq.bench.report.RunHead;
import dev.ivfpq.bench.run.Batch;
import dev.ivfpq.bench.run.BenchSystem;
import dev.ivfpq.bench.run.Comparison;
import dev.ivfpq.bench.run.Outcome;
import dev.ivfpq.bench.run.Plan;
import dev.ivfpq.bench.run.Row;
import dev.ivfpq.kernel.Kernels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ivfpq-bench run}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compare systems on the same vectors, in one JVM and one thread, one query at a time.",
      "Each system's best setting for each target is found first; then all take turns."
    })
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RepeatOptions repeat;
  @Mixin private SimilarityOption similarity;

  @Option(
      names = "--base",
      required = true,
      paramLabel = "FILE",
      description = "Vectors to index: .npy, a folder of them, .fvecs, .fbin, idx3-ubyte[.gz].")
  private Path base;

  @Option(
      names = "--queries",
      required = true,
      paramLabel = "FILE",
      description = "Vectors to search with, in any of these kinds.")
  private Path queries;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for results; true neighbours are kept beside it.")
  private Path out;

  @Option(
      names = "--systems",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "ivfpq,seed,hnsw,hnsw-sq,flat",
      description = "Default: ${DEFAULT-VALUE}.")
  private List<String> systems;

  @Option(
      names = "--targets",
      split = ",",
      paramLabel = "RECALL",
      defaultValue = "0.95,0.99",
      description = "Recalls to be reached. Default: ${DEFAULT-VALUE}.")
  private List<Double> targets;

  @Option(
      names = "--limit-queries",
      paramLabel = "N",
      defaultValue = "2147483647",
      description = "Only the first so many queries.")
  private int limit;

  @Option(
      names = "--segments",
      split = ",",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "1: one merged segment; 10: about ten unmerged ones; 1,10: both in turn."
              + " Default: ${DEFAULT-VALUE}.")
  private List<Integer> segments;

  @Option(
      names = "--faiss",
      description = "Also ask the faiss that python3 finds, one thread, one query a call.")
  private boolean faiss;

  @Override
  public Integer call() throws Exception {
    Plan plan;
    try {
      List<BenchSystem> compared = systems.stream().map(BenchSystem::named).toList();
      plan =
          new Plan(
              compared, targets, similarity.distance, repeat.k, repeat.rounds, segments, 1, faiss);
      if (limit < 1) {
        throw new IllegalArgumentException("limit-queries must be at least 1, got " + limit);
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    say("reading " + base);
    VectorSet vectors = similarity.read(base);
    VectorSet targets = similarity.read(queries).first(limit);
    Path folder = Files.createDirectories(out).toAbsolutePath();
    String kernel = Kernels.awaitFastScan().name();
    List<String> words = spec.commandLine().getParent().getParseResult().originalArgs();
    RunHead head =
        RunHead.now(words, kernel, vectors, targets, similarity.distance.toString(), repeat.rounds);
    Outcome outcome =
        Comparison.run(
            plan, vectors, targets, folder.resolve("indexes"), folder.getParent(), this::say);
    Reports.write(folder, head, outcome);
    outcome.rows().forEach(this::print);
    outcome.batches().forEach(this::print);
    say("results are in " + out);
    return 0;
  }

  private void say(String step) {
    spec.commandLine().getErr().println("ivfpq-bench: run: " + step);
  }

  private void print(Batch batch) {
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%2d %-7s %-8s %4d queries a call: %8.1f us a query, %.2fx, %d differ, %s%n",
            batch.segments(),
            batch.system(),
            batch.target() == null ? "default" : batch.target().toString(),
            batch.queries(),
            batch.micros(),
            batch.timesOne(),
            batch.differing(),
            batch.setting());
  }

  private void print(Row row) {
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%2d %-7s %-8s recall %.4f%s p50 %8.1f us p99 %8.1f us %8.0f/s %s %s%n",
            row.segments(),
            row.system(),
            row.target() == null ? "default" : row.target().toString(),
            row.recall(),
            row.reached() ? " " : "*",
            row.p50(),
            row.p99(),
            row.qps(),
            row.timesHnsw() == null
                ? ""
                : String.format(
                    Locale.ROOT, "%s%.2fx", row.timesHnswIsAtLeast() ? ">=" : "", row.timesHnsw()),
            row.setting());
  }
}
