// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

import dev.ivfpq.bench.data.VectorReader;
import dev.ivfpq.bench.data.VectorRows;
import dev.ivfpq.bench.data.VectorSet;
import dev.ivfpq.bench.run.Distance;
import dev.ivfpq.bench.run.GroundTruth;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.IOUtils;

/**
 * All parts, in this order: indexing with default merges, merging equal segments, searching while
 * indexing, and then, with all vectors in memory, sequences of merges and searches of many
 * segments. What comes before has the heap for itself.
 */
public final class MergeComparison {
  /** Vectors indexed before anything is measured. */
  private static final int WARM_UP = 10_000;

  private static final int WARM_UP_SEGMENTS = 2;

  /** Searching while indexing, before it is measured: compilers would be the longest stall. */
  private static final int NRT_WARM_UP_SECONDS = 5;

  private final MergePlan plan;
  private final Path folder;
  private final Consumer<String> log;

  /**
   * @param folder takes indexes, which are deleted as soon as they are not needed
   * @param log hears what is going on
   */
  public MergeComparison(MergePlan plan, Path folder, Consumer<String> log) {
    this.plan = plan;
    this.folder = folder;
    this.log = log;
  }

  /**
   * Measures.
   *
   * @param base a file of vectors; one .npy file is not kept in memory until it has to be
   * @param queries null leaves out what needs them
   * @param nrt how to search while indexing
   * @param truths where true neighbours are kept for another run on the same inputs
   * @param done is given all that is known after each part
   */
  public void run(Path base, VectorSet queries, NrtPlan nrt, Path truths, DoneListener done)
      throws IOException {
    try (VectorRows rows = VectorRows.open(base)) {
      if (queries != null && queries.dims() != rows.dims()) {
        throw new IllegalArgumentException(
            "queries have "
                + queries.dims()
                + " dims, the base has "
                + rows.dims()
                + "; give queries of the same kind");
      }
      // What a run that was killed left would be added to.
      IOUtils.rm(folder);
      warmUp(rows);
      MergeOutcome outcome = MergeOutcome.NONE;
      VectorSet all = null;
      for (MergePart part : new TreeSet<>(plan.parts())) {
        if (queries != null && all == null && part.compareTo(MergePart.SEQUENCE) >= 0) {
          all = VectorReader.read(base);
        }
        outcome =
            switch (part) {
              case INDEXING -> outcome.withIndexing(indexing(rows));
              case MERGING -> outcome.withMerging(new EqualMerges(folder, plan, log).run(rows));
              case NRT -> outcome.withNrt(nrt(rows, queries, nrt));
              case SEQUENCE -> outcome.withSequence(sequence(rows, all, queries, truths));
              case SEARCHING ->
                  queries == null
                      ? outcome
                      : outcome.withSearching(
                          SegmentSearches.run(plan, all, queries, folder, truths, log));
            };
        IOUtils.rm(folder);
        done.accept(outcome);
      }
    } finally {
      IOUtils.rm(folder);
    }
  }

  /** Keeps what is known, should a later part fail. */
  @FunctionalInterface
  public interface DoneListener {
    /** Takes everything known so far. */
    void accept(MergeOutcome outcome) throws IOException;
  }

  /** So that no system pays for compiling what it uses. */
  private void warmUp(VectorRows rows) throws IOException {
    for (MergeSystem system : plan.systems()) {
      log.accept("warming up " + system);
      Path home = folder.resolve("warm-up");
      int some = Math.min(rows.size(), WARM_UP);
      try (Directory directory = FSDirectory.open(home)) {
        SegmentWriter.append(directory, system.kind(), rows, 0, some, WARM_UP_SEGMENTS);
        try (var writer = SegmentWriter.merger(directory, system.kind(), new CountingScheduler())) {
          writer.forceMerge(1);
        }
      }
      IOUtils.rm(home);
    }
  }

  private List<IndexRow> indexing(VectorRows rows) throws IOException {
    List<IndexRow> table = new ArrayList<>();
    IndexRow hnsw = null;
    for (MergeSystem system : plan.systems()) {
      log.accept("indexing with default merges: " + system);
      Path home = folder.resolve(system.toString());
      IndexRow row = DefaultMerges.run(home, system, rows, plan);
      if (row.failure() != null) {
        log.accept(system + " failed: " + row.failure());
      }
      hnsw = system == MergeSystem.HNSW ? row : hnsw;
      table.add(row);
      IOUtils.rm(home);
    }
    IndexRow beside = hnsw;
    return table.stream().map(row -> row.beside(beside)).toList();
  }

  private List<NrtRow> nrt(VectorRows rows, VectorSet queries, NrtPlan nrt) throws IOException {
    List<NrtRow> table = new ArrayList<>();
    float[][] asked = queries == null ? some(rows) : queries.rows();
    NrtPlan warmUp = nrt.first(NRT_WARM_UP_SECONDS);
    for (MergeSystem system : plan.systems()) {
      log.accept("searching while indexing, untimed: " + system);
      nrt(system, rows, asked, warmUp);
    }
    for (MergeSystem system : plan.systems()) {
      log.accept("searching while indexing: " + system);
      table.add(nrt(system, rows, asked, nrt));
    }
    return table;
  }

  private NrtRow nrt(MergeSystem system, VectorRows rows, float[][] asked, NrtPlan nrt)
      throws IOException {
    Path home = folder.resolve("nrt " + system);
    NrtRow row = new NrtSearches(system, rows, asked, nrt, plan.k()).run(home);
    IOUtils.rm(home);
    return row;
  }

  private static float[][] some(VectorRows rows) throws IOException {
    float[][] some = new float[Math.min(1000, rows.size())][];
    for (int i = 0; i < some.length; i++) {
      some[i] = rows.row((int) ((long) i * rows.size() / some.length));
    }
    return some;
  }

  private List<SequenceRow> sequence(VectorRows rows, VectorSet all, VectorSet queries, Path truths)
      throws IOException {
    if (!plan.systems().contains(MergeSystem.IVFPQ)) {
      return List.of();
    }
    GroundTruth truth =
        queries == null
            ? null
            : GroundTruth.cached(truths, all, queries, Distance.EUCLIDEAN, plan.k());
    return new MergeSequence(folder, plan, truth, log).run(rows);
  }
}
