// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench;

import dev.ivfpq.bench.data.LabelReader;
import dev.ivfpq.bench.data.VectorSet;
import dev.ivfpq.bench.filter.FilterComparison;
import dev.ivfpq.bench.filter.FilterPlan;
import dev.ivfpq.bench.filter.FilterRow;
import dev.ivfpq.bench.report.RunHead;
import dev.ivfpq.bench.report.Table;
import dev.ivfpq.bench.report.TableReport;
import dev.ivfpq.bench.run.BenchSystem;
import dev.ivfpq.kernel.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ivfpq-bench filter}. */
@Command(
    name = "filter",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compare filtered searches, in one JVM and one thread, one query at a time: filters that are"
          + " random and filters by speaker, documents in random order and sorted by speaker.",
      "ivfpq searches as it comes; of hnsw the fastest setting counts that reaches the target."
    })
final class FilterCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RepeatOptions repeat;
  @Mixin private SimilarityOption similarity;

  @Option(
      names = "--base",
      required = true,
      paramLabel = "FILE",
      description =
          "Vectors to index: .npy, a folder of them, .fvecs, .fbin, idx3-ubyte[.gz]. One in 20 is"
              + " kept out and asked for instead.")
  private Path base;

  @Option(
      names = "--queries",
      required = true,
      paramLabel = "FILE",
      description = "Vectors of speakers that are not in the base.")
  private Path queries;

  @Option(
      names = "--speakers",
      required = true,
      paramLabel = "FILE|N",
      description = ".npy of int32 (n,), whose each vector is; or N speakers, a run of rows each.")
  private String speakers;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder for results.")
  private Path out;

  @Option(
      names = "--systems",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "ivfpq,hnsw",
      description = "Default: ${DEFAULT-VALUE}.")
  private List<String> systems;

  @Option(
      names = "--selectivities",
      split = ",",
      paramLabel = "SHARE",
      defaultValue = "0.5,0.1,0.01,0.001",
      description = "Shares that filters accept. Default: ${DEFAULT-VALUE}.")
  private List<Double> shares;

  @Option(
      names = "--target",
      paramLabel = "RECALL",
      defaultValue = "0.95",
      description = "Recall to be reached. Default: ${DEFAULT-VALUE}.")
  private double target;

  @Option(
      names = "--segments",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "1: one merged segment; 10: about ten unmerged ones. Default: ${DEFAULT-VALUE}.")
  private int segments;

  @Option(
      names = "--limit-queries",
      paramLabel = "N",
      defaultValue = "500",
      description = "Only so many of each kind. Default: ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = "--seed",
      paramLabel = "X",
      defaultValue = "1",
      description =
          "Of the order of documents, what random filters accept and what is kept out."
              + " Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Override
  public Integer call() throws Exception {
    FilterPlan plan;
    try {
      List<BenchSystem> compared = systems.stream().map(BenchSystem::named).toList();
      plan =
          new FilterPlan(
              compared,
              shares,
              target,
              similarity.distance,
              repeat.k,
              repeat.rounds,
              segments,
              limit,
              seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    say("reading " + base);
    VectorSet vectors = similarity.read(base);
    int[] labels = labels(vectors.size());
    VectorSet targets = similarity.read(queries);
    Path folder = Files.createDirectories(out).toAbsolutePath();
    String kernel = Kernels.awaitFastScan().name();
    List<String> words = spec.commandLine().getParent().getParseResult().originalArgs();
    RunHead head =
        RunHead.now(words, kernel, vectors, targets, similarity.distance.toString(), repeat.rounds);
    List<FilterRow> rows =
        FilterComparison.run(plan, vectors, labels, targets, folder.resolve("indexes"), this::say);
    TableReport.write(folder, head, List.of(table(rows)));
    rows.forEach(this::print);
    say("results are in " + out);
    return 0;
  }

  private Table<FilterRow> table(List<FilterRow> rows) {
    return new Table<>(
        "results",
        "Filtered searches",
        "One thread, one query at a time; medians of interleaved rounds. machinery_p50_us is the"
            + " same query and filter where the vectors' reader answers at once. times_hnsw is"
            + " empty where the target is not reached.",
        FilterRow.class,
        rows);
  }

  private int[] labels(int n) throws IOException {
    if (!speakers.matches("\\d{1,9}")) {
      return LabelReader.read(Path.of(speakers), n);
    }
    int count = Integer.parseInt(speakers);
    if (count < 1 || count > n) {
      throw new ParameterException(
          spec.commandLine(), "speakers must be in [1, " + n + "], got " + count);
    }
    int[] labels = new int[n];
    Arrays.setAll(labels, row -> (int) ((long) row * count / n));
    return labels;
  }

  private void say(String step) {
    spec.commandLine().getErr().println("ivfpq-bench: filter: " + step);
  }

  private void print(FilterRow row) {
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%-7s %-8s %8.3f %% %-6s %-6s recall %.4f%s p50 %8.1f us p99 %8.1f us, filter and"
                + " Lucene %8.1f us %s %s%n",
            row.order(),
            row.filter(),
            100 * row.share(),
            row.queries(),
            row.system(),
            row.recall(),
            row.reached() ? " " : "*",
            row.p50(),
            row.p99(),
            row.machineryP50(),
            row.timesHnsw() == null
                ? ""
                : String.format(
                    Locale.ROOT, "%s%.2fx", row.timesHnswIsAtLeast() ? ">=" : "", row.timesHnsw()),
            row.setting());
  }
}
