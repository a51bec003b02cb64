// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

import dev.ivfpq.bench.data.VectorSet;
import dev.ivfpq.bench.run.Batch;
import dev.ivfpq.bench.run.BenchSystem;
import dev.ivfpq.bench.run.Comparison;
import dev.ivfpq.bench.run.Distance;
import dev.ivfpq.bench.run.Outcome;
import dev.ivfpq.bench.run.Plan;
import dev.ivfpq.bench.run.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Searches the same vectors in one segment and in many, by every way there is: {@link Comparison}
 * with a table of its own.
 */
final class SegmentSearches {
  private static final String STOCK = "KnnFloatVectorQuery";
  private static final String TOGETHER = "IvfPqQuery";
  private static final String BATCH = "IvfPqSearcher ";

  private SegmentSearches() {}

  /**
   * Searches.
   *
   * @param folder takes the indexes, which are deleted at the end
   * @param truths where the true neighbours are kept
   */
  static List<SegmentRow> run(
      MergePlan plan,
      VectorSet base,
      VectorSet queries,
      Path folder,
      Path truths,
      Consumer<String> log)
      throws IOException {
    Set<BenchSystem> systems = new LinkedHashSet<>();
    plan.systems().stream()
        .map(MergeSystem::searched)
        .filter(Objects::nonNull)
        .forEach(systems::add);
    if (systems.contains(BenchSystem.IVFPQ)) {
      systems.add(BenchSystem.IVFPQ_QUERY);
    }
    systems.add(BenchSystem.MACHINERY);
    Plan searches =
        new Plan(
            List.copyOf(systems),
            List.of(plan.target()),
            Distance.EUCLIDEAN,
            plan.k(),
            plan.rounds(),
            plan.searched(),
            Runtime.getRuntime().availableProcessors(),
            false);
    return table(Comparison.run(searches, base, queries, folder, truths, log));
  }

  private static List<SegmentRow> table(Outcome outcome) {
    List<Row> machinery = new ArrayList<>();
    List<SegmentRow> table = new ArrayList<>();
    for (Row row : outcome.rows()) {
      if (row.system().equals(BenchSystem.MACHINERY.toString())) {
        machinery.add(row);
      }
    }
    for (Row row : outcome.rows()) {
      if (!machinery.contains(row)) {
        add(table, single(row), machinery);
      }
    }
    for (Batch batch : outcome.batches()) {
      for (Row row : outcome.rows()) {
        if (isTogether(row)
            && row.system().equals(batch.system())
            && row.segments() == batch.segments()
            && Objects.equals(row.target(), batch.target())) {
          add(table, batch(row, batch), machinery);
        }
      }
    }
    return table;
  }

  private static boolean isTogether(Row row) {
    return row.system().equals(BenchSystem.IVFPQ_QUERY.toString());
  }

  private static SegmentRow single(Row row) {
    return new SegmentRow(
        isTogether(row) ? BenchSystem.IVFPQ.toString() : row.system(),
        isTogether(row) ? TOGETHER : STOCK,
        row.target(),
        row.segments(),
        row.setting(),
        row.recall(),
        row.reached(),
        1e6 / row.qps(),
        row.p50(),
        row.p99(),
        null,
        row.timesHnsw(),
        null);
  }

  /** Hits of the call are those of the query that searches all segments together. */
  private static SegmentRow batch(Row row, Batch batch) {
    Double timesHnsw =
        row.timesHnsw() == null ? null : row.timesHnsw() * (1e6 / row.qps()) / batch.micros();
    return new SegmentRow(
        BenchSystem.IVFPQ.toString(),
        BATCH + batch.queries(),
        row.target(),
        row.segments(),
        batch.setting(),
        row.recall(),
        row.reached(),
        batch.micros(),
        null,
        null,
        null,
        timesHnsw,
        null);
  }

  /** Adds a row beside the first one of its kind, which has the fewest segments. */
  private static void add(List<SegmentRow> table, SegmentRow row, List<Row> machinery) {
    Double fewest =
        table.stream()
            .filter(
                other ->
                    other.system().equals(row.system())
                        && other.way().equals(row.way())
                        && Objects.equals(other.target(), row.target()))
            .findFirst()
            .map(SegmentRow::mean)
            .orElse(null);
    Double around =
        machinery.stream()
            .filter(other -> other.segments() == row.segments())
            .findFirst()
            .map(other -> 1e6 / other.qps())
            .orElse(null);
    table.add(
        new SegmentRow(
            row.system(),
            row.way(),
            row.target(),
            row.segments(),
            row.setting(),
            row.recall(),
            row.reached(),
            row.mean(),
            row.p50(),
            row.p99(),
            fewest == null ? null : row.mean() / fewest,
            row.timesHnsw(),
            around));
  }
}
