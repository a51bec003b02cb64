// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench;

import dev.ivfpq.bench.data.VectorRows;
import dev.ivfpq.bench.memory.BuildRow;
import dev.ivfpq.bench.memory.LimitRow;
import dev.ivfpq.bench.memory.MemoryComparison;
import dev.ivfpq.bench.memory.MemoryOutcome;
import dev.ivfpq.bench.memory.MemoryPlan;
import dev.ivfpq.bench.merge.MergeSystem;
import dev.ivfpq.bench.report.RunHead;
import dev.ivfpq.bench.report.Table;
import dev.ivfpq.bench.report.TableReport;
import dev.ivfpq.bench.run.Distance;
import dev.ivfpq.kernel.Kernels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ivfpq-bench memory}. */
@Command(
    name = "memory",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Search an index with less and less memory, each time in a process of its own, whose memory"
          + " a control group limits: heap and page cache together. On Linux, as root.",
      "Indexes are built in one thread, merged into one segment, and stay in DIR/indexes for the"
          + " next run. A base of .npy is read as it goes and may be larger than memory."
    })
final class MemoryCommand implements Callable<Integer> {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})([mg])");

  @Spec private CommandSpec spec;

  @Option(
      names = "--base",
      required = true,
      paramLabel = "FILE",
      description =
          "Vectors to index, by euclidean distance: .npy, .fvecs, .fbin, idx3-ubyte[.gz].")
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
      description = "Folder for results, indexes and true neighbours.")
  private Path out;

  @Option(
      names = "--systems",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "ivfpq,hnsw",
      description = "Also hnsw-sq. Default: ${DEFAULT-VALUE}.")
  private List<String> systems;

  @Option(
      names = "--limits",
      split = ",",
      paramLabel = "SIZE",
      defaultValue = "none,4g,2g,1g,512m",
      description = "Memory of a searching process. Default: ${DEFAULT-VALUE}.")
  private List<String> limits;

  @Option(
      names = "--target",
      paramLabel = "RECALL",
      defaultValue = "0.95",
      description = "Graphs get the least queue that reaches it. Default: ${DEFAULT-VALUE}.")
  private double target;

  @Option(
      names = "--k",
      paramLabel = "N",
      defaultValue = "10",
      description = "Neighbours a query. Default: ${DEFAULT-VALUE}.")
  private int k;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "How long a search warms up, and the longest that queries are timed. Default:"
              + " ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      defaultValue = "128m",
      description = "Heap of a searching process. Default: ${DEFAULT-VALUE}.")
  private String heap;

  @Option(
      names = "--index-heap",
      paramLabel = "SIZE",
      defaultValue = "2g",
      description = "Heap of an indexing process. Default: ${DEFAULT-VALUE}.")
  private String indexHeap;

  @Override
  public Integer call() throws Exception {
    MemoryPlan plan;
    try {
      bytes(heap);
      bytes(indexHeap);
      plan =
          new MemoryPlan(
              systems.stream().map(MergeSystem::named).toList(),
              limits.stream().map(MemoryCommand::limit).toList(),
              target,
              k,
              seconds,
              heap,
              indexHeap);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    Path folder = Files.createDirectories(out).toAbsolutePath();
    List<Table<?>> known = new ArrayList<>();
    try (VectorRows rows = VectorRows.open(base)) {
      MemoryComparison comparison =
          new MemoryComparison(plan, rows, base, queries, folder, this::say);
      RunHead head =
          RunHead.now(
              spec.commandLine().getParent().getParseResult().originalArgs(),
              Kernels.awaitFastScan().name(),
              rows.size(),
              rows.dims(),
              comparison.queries().size(),
              Distance.EUCLIDEAN.toString(),
              1);
      comparison.run(
          outcome -> {
            known.clear();
            known.addAll(tables(outcome));
            TableReport.write(folder, head, known);
          });
    }
    TableReport.print(known, spec.commandLine().getOut());
    say("results are in " + out);
    return 0;
  }

  private static List<Table<?>> tables(MemoryOutcome outcome) {
    return List.of(
        new Table<>(
            "building",
            "Indexing into one segment",
            "One thread, a process of its own, Lucene's default merge factor and 256 MB of buffer."
                + " The peak of the heap has garbage in it.",
            BuildRow.class,
            outcome.builds()),
        new Table<>(
            "memory",
            "Searching with less and less memory",
            "One thread, a process of its own; its memory is heap and page cache together. Queries"
                + " are few where a pass ran out of time.",
            LimitRow.class,
            outcome.searches()));
  }

  private static long limit(String size) {
    return size.equals("none") ? 0 : bytes(size);
  }

  private static long bytes(String size) {
    Matcher matcher = SIZE.matcher(size.toLowerCase(Locale.ROOT));
    if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
      throw new IllegalArgumentException("no size: \"" + size + "\"; 512m and 4g are some");
    }
    return Long.parseLong(matcher.group(1)) << (matcher.group(2).equals("g") ? 30 : 20);
  }

  private void say(String step) {
    spec.commandLine().getErr().println("ivfpq-bench: memory: " + step);
  }
}
