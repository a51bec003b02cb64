// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench;

import dev.ivfpq.bench.data.VectorReader;
import dev.ivfpq.bench.data.VectorRows;
import dev.ivfpq.bench.data.VectorSet;
import dev.ivfpq.bench.merge.IndexRow;
import dev.ivfpq.bench.merge.MergeComparison;
import dev.ivfpq.bench.merge.MergeOutcome;
import dev.ivfpq.bench.merge.MergePart;
import dev.ivfpq.bench.merge.MergePlan;
import dev.ivfpq.bench.merge.MergeRow;
import dev.ivfpq.bench.merge.MergeSystem;
import dev.ivfpq.bench.merge.NrtPlan;
import dev.ivfpq.bench.merge.NrtRow;
import dev.ivfpq.bench.merge.SegmentRow;
import dev.ivfpq.bench.merge.SequenceRow;
import dev.ivfpq.bench.report.RunHead;
import dev.ivfpq.bench.report.Table;
import dev.ivfpq.bench.report.TableReport;
import dev.ivfpq.bench.run.Distance;
import dev.ivfpq.kernel.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ivfpq-bench merge}. */
@Command(
    name = "merge",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measure what segments cost, in one JVM: indexing with Lucene's default merges and"
          + " forceMerge(1), merging equal segments, and sequences of merges; with queries also"
          + " searches of one segment and of many; with --nrt searches while indexing.",
      "The heap is this JVM's: JAVA_TOOL_OPTIONS=-Xmx256m sets it."
    })
final class MergeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RepeatOptions repeat;

  @Option(
      names = "--base",
      required = true,
      paramLabel = "FILE",
      description =
          "Vectors to index, by euclidean distance: .npy, a folder of them, .fvecs, .fbin,"
              + " idx3-ubyte[.gz]. Without queries one .npy file may be larger than the heap.")
  private Path base;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder for results.")
  private Path out;

  @Option(
      names = "--queries",
      paramLabel = "FILE",
      description = "Vectors to search with, in any of these kinds.")
  private Path queries;

  @Option(
      names = "--systems",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "ivfpq,hnsw,hnsw-sq,flat",
      description = "Default: ${DEFAULT-VALUE}.")
  private List<String> systems;

  @Option(
      names = "--parts",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "indexing,merging,sequence,searching",
      description = "Of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Set<MergePart> parts;

  @Option(
      names = "--segments",
      paramLabel = "N",
      defaultValue = "10",
      description = "Equal segments that are merged at once. Default: ${DEFAULT-VALUE}.")
  private int segments;

  @Option(
      names = "--merges",
      paramLabel = "N",
      defaultValue = "10",
      description = "Merges of a sequence. Default: ${DEFAULT-VALUE}.")
  private int merges;

  @Option(
      names = "--searched",
      split = ",",
      paramLabel = "N",
      defaultValue = "1,10,30",
      description = "Numbers of segments that are searched. Default: ${DEFAULT-VALUE}.")
  private List<Integer> searched;

  @Option(
      names = "--target",
      paramLabel = "RECALL",
      defaultValue = "0.95",
      description = "Recall at which searches are compared. Default: ${DEFAULT-VALUE}.")
  private double target;

  @Option(
      names = "--buffer-mb",
      paramLabel = "MB",
      defaultValue = "16",
      description =
          "Buffer of the writer with default merges. Default: ${DEFAULT-VALUE}, as Lucene's.")
  private double bufferMb;

  @Option(
      names = "--limit-queries",
      paramLabel = "N",
      defaultValue = "2147483647",
      description = "Only the first so many queries.")
  private int limit;

  @Option(
      names = "--nrt",
      description = "Also search while indexing: refresh every 100 ms, merges in the background.")
  private boolean nrt;

  @Option(
      names = "--nrt-seconds",
      paramLabel = "N",
      defaultValue = "30",
      description = "Default: ${DEFAULT-VALUE}, or until all is indexed.")
  private int nrtSeconds;

  @Option(
      names = "--nrt-documents",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Documents added a second. Default: ${DEFAULT-VALUE}.")
  private int nrtDocuments;

  @Option(
      names = "--nrt-queries",
      paramLabel = "N",
      defaultValue = "200",
      description = "Queries a second and thread. Default: ${DEFAULT-VALUE}.")
  private int nrtQueries;

  @Option(
      names = "--nrt-threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads that search. Default: ${DEFAULT-VALUE}.")
  private int nrtThreads;

  @Override
  public Integer call() throws Exception {
    MergePlan plan;
    NrtPlan nrtPlan;
    try {
      List<MergeSystem> compared = systems.stream().map(MergeSystem::named).toList();
      if (nrt) {
        parts.add(MergePart.NRT);
      }
      if (parts.contains(MergePart.SEARCHING) && queries == null) {
        say("no --queries: searches of many segments are left out");
      }
      plan =
          new MergePlan(
              parts,
              compared,
              bufferMb,
              segments,
              merges,
              searched,
              target,
              repeat.k,
              repeat.rounds);
      nrtPlan = new NrtPlan(nrtSeconds, nrtDocuments, nrtQueries, nrtThreads);
      if (limit < 1) {
        throw new IllegalArgumentException("limit-queries must be at least 1, got " + limit);
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    VectorSet targets = queries == null ? null : VectorReader.read(queries).first(limit);
    RunHead head = head(targets == null ? 0 : targets.size());
    Path folder = Files.createDirectories(out).toAbsolutePath();
    List<Table<?>> known = new ArrayList<>();
    new MergeComparison(plan, folder.resolve("indexes"), this::say)
        .run(
            base,
            targets,
            nrtPlan,
            folder.getParent(),
            outcome -> {
              known.clear();
              known.addAll(tables(outcome));
              TableReport.write(folder, head, known);
            });
    TableReport.print(known, spec.commandLine().getOut());
    say("results are in " + out);
    return 0;
  }

  private RunHead head(int queryCount) throws IOException, InterruptedException {
    String kernel = Kernels.awaitFastScan().name();
    List<String> words = spec.commandLine().getParent().getParseResult().originalArgs();
    try (VectorRows rows = VectorRows.open(base)) {
      return RunHead.now(
          words,
          kernel,
          rows.size(),
          rows.dims(),
          queryCount,
          Distance.EUCLIDEAN.toString(),
          repeat.rounds);
    }
  }

  private static List<Table<?>> tables(MergeOutcome outcome) {
    return List.of(
        new Table<>(
            "indexing",
            "Indexing with default merges, and forceMerge(1)",
            "One thread adds documents, merges run in Lucene's default scheduler. CPU is that of"
                + " all threads of the JVM. Peaks of the heap have garbage in them.",
            IndexRow.class,
            outcome.indexing()),
        new Table<>(
            "merging",
            "Merging equal segments into one",
            "Medians of interleaved rounds, of forceMerge(1) alone. flat is raw vectors and nothing"
                + " else.",
            MergeRow.class,
            outcome.merging()),
        new Table<>(
            "sequence",
            "Many merges in sequence beside one segment built at once",
            "ivfpq. Recall is that of the default, with no setting at all.",
            SequenceRow.class,
            outcome.sequence()),
        new Table<>(
            "searching",
            "Searches of one segment and of many",
            "One thread, each way at the system's best setting for the target or, without one, at"
                + " none. machinery_us: Lucene's query where the vectors' reader answers at once.",
            SegmentRow.class,
            outcome.searching()),
        new Table<>(
            "nrt",
            "Searches while indexing",
            "Documents and queries at a steady rate, a refresh every 100 ms, default merges in the"
                + " background.",
            NrtRow.class,
            outcome.nrt()));
  }

  private void say(String step) {
    spec.commandLine().getErr().println("ivfpq-bench: merge: " + step);
  }
}
