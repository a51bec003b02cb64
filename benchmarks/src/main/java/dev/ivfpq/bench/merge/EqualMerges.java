// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

import dev.ivfpq.bench.data.VectorRows;
import dev.ivfpq.bench.merge.Meter.Cost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.IOUtils;

/**
 * Merges equal segments of one writer into one, again and again from the same copy, all systems in
 * turns.
 */
final class EqualMerges {
  private static final double MB = 1 << 20;

  private final Path folder;
  private final MergePlan plan;
  private final Consumer<String> log;

  /**
   * @param folder takes the indexes
   * @param log hears what is going on
   */
  EqualMerges(Path folder, MergePlan plan, Consumer<String> log) {
    this.folder = folder;
    this.plan = plan;
    this.log = log;
  }

  /** One round of one system. */
  private record Round(
      Cost cost,
      int merges,
      long written,
      long besideRawWritten,
      long bytes,
      long besideRaw,
      double copyWall) {}

  /** Merges. */
  List<MergeRow> run(VectorRows rows) throws IOException {
    Map<MergeSystem, List<Round>> rounds = new LinkedHashMap<>();
    for (MergeSystem system : plan.systems()) {
      log.accept("writing " + plan.segments() + " equal segments of " + system);
      try (Directory directory = FSDirectory.open(segments(system))) {
        SegmentWriter.append(directory, system.kind(), rows, 0, rows.size(), plan.segments());
      }
      rounds.put(system, new ArrayList<>());
    }
    // The first round warms up: code, and pages of files just written.
    for (int round = -1; round < plan.rounds(); round++) {
      for (MergeSystem system : plan.systems()) {
        log.accept("merging segments of " + system + (round < 0 ? ", untimed" : ""));
        Round timed = round(system);
        if (round >= 0) {
          rounds.get(system).add(timed);
        }
      }
    }
    List<MergeRow> table = new ArrayList<>();
    for (MergeSystem system : plan.systems()) {
      table.add(row(system, rounds.get(system), rounds.get(MergeSystem.FLAT)));
    }
    return table;
  }

  private Path segments(MergeSystem system) {
    return folder.resolve(system + " segments");
  }

  private Round round(MergeSystem system) throws IOException {
    Path merged = folder.resolve("merged");
    Path copied = folder.resolve("copied");
    SegmentFiles.copy(SegmentFiles.all(segments(system)), merged);
    CountingScheduler scheduler = new CountingScheduler();
    try (Directory files = FSDirectory.open(merged);
        CountingDirectory directory = new CountingDirectory(files)) {
      Cost cost;
      try (IndexWriter writer = SegmentWriter.merger(directory, system.kind(), scheduler);
          Meter meter = new Meter()) {
        writer.forceMerge(1);
        cost = meter.read();
      }
      long besideRawWritten = directory.writtenBesideRaw();
      List<Path> besideRaw = SegmentFiles.besideRaw(merged);
      long start = System.nanoTime();
      SegmentFiles.copy(besideRaw, copied);
      double copyWall = (System.nanoTime() - start) / 1e9;
      return new Round(
          cost,
          scheduler.merges(),
          directory.written(),
          besideRawWritten,
          SegmentFiles.bytes(SegmentFiles.all(merged)),
          SegmentFiles.bytes(besideRaw),
          copyWall);
    } finally {
      IOUtils.rm(merged, copied);
    }
  }

  private MergeRow row(MergeSystem system, List<Round> own, List<Round> flat) {
    Round last = own.getLast();
    double copyWall = median(own, Round::copyWall);
    boolean more = flat != null && system != MergeSystem.FLAT;
    return new MergeRow(
        system.toString(),
        plan.segments(),
        last.merges,
        median(own, round -> round.cost.wall()),
        median(own, round -> round.cost.cpu()),
        flat == null ? null : ratio(own, flat, round -> round.cost.wall()),
        flat == null ? null : ratio(own, flat, round -> round.cost.cpu()),
        median(own, round -> round.cost.peakHeap()),
        last.written / MB,
        last.bytes / MB,
        last.besideRawWritten / MB,
        last.besideRaw / MB,
        last.besideRaw == 0 ? null : (double) last.besideRawWritten / last.besideRaw,
        copyWall,
        more
            ? (median(own, round -> round.cost.wall()) - median(flat, round -> round.cost.wall()))
                / copyWall
            : null);
  }

  private static double ratio(List<Round> own, List<Round> flat, ToDoubleFunction<Round> part) {
    double[] ratios = new double[own.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = part.applyAsDouble(own.get(i)) / part.applyAsDouble(flat.get(i));
    }
    return Medians.of(ratios);
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> part) {
    return Medians.of(rounds.stream().mapToDouble(part).toArray());
  }
}
