// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.memory;

import dev.ivfpq.bench.data.VectorReader;
import dev.ivfpq.bench.data.VectorRows;
import dev.ivfpq.bench.data.VectorSet;
import dev.ivfpq.bench.merge.MergeSystem;
import dev.ivfpq.bench.run.Distance;
import dev.ivfpq.bench.run.KthDistances;
import dev.ivfpq.bench.run.LeastEffort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Builds indexes and searches each with less and less memory. The base may be larger than this
 * JVM's heap, and than the machine's memory.
 */
public final class MemoryComparison {
  private static final double MB = 1 << 20;

  /** The largest queue tried. */
  private static final int MOST = 2000;

  private final MemoryPlan plan;
  private final Path queriesFile;
  private final VectorRows base;
  private final KthDistances truth;
  private final KeptIndexes indexes;
  private final Consumer<String> say;

  /**
   * Computes the true neighbours, or finds them in {@code folder}.
   *
   * @param base the same as {@code baseFile}, which other processes read
   * @param queries of which all are asked
   * @param folder where indexes and truth stay
   */
  public MemoryComparison(
      MemoryPlan plan,
      VectorRows base,
      Path baseFile,
      Path queries,
      Path folder,
      Consumer<String> say)
      throws IOException {
    this.plan = plan;
    this.queriesFile = queries;
    this.say = say;
    this.base = base;
    say.accept("finding the true neighbours");
    this.truth =
        KthDistances.cached(folder, base, VectorReader.read(queries), Distance.EUCLIDEAN, plan.k());
    this.indexes = new KeptIndexes(folder.resolve("indexes"), baseFile, plan.indexHeap(), say);
  }

  /** The vectors that are searched with. */
  public VectorSet queries() {
    return truth.queries();
  }

  /**
   * Runs.
   *
   * @param known told after every step
   */
  public void run(Known known) throws IOException, InterruptedException {
    MemoryOutcome outcome = new MemoryOutcome();
    for (MergeSystem system : plan.systems()) {
      outcome.builds().add(indexes.row(system));
      known.accept(outcome);
    }
    for (MergeSystem system : plan.systems()) {
      int queue = queue(system);
      for (long limit : plan.limits()) {
        outcome.searches().add(row(system, queue, limit));
        known.accept(outcome);
      }
    }
  }

  /** Is told what is known. */
  @FunctionalInterface
  public interface Known {
    /** Takes it. */
    void accept(MemoryOutcome outcome) throws IOException;
  }

  /** How many neighbours Lucene is asked for: a graph's effort grows with it. */
  private int queue(MergeSystem system) throws IOException {
    if (system == MergeSystem.IVFPQ) {
      return plan.k();
    }
    say.accept("finding the least queue of " + system + " that reaches " + plan.target());
    return LeastEffort.find(
        plan.k(),
        MOST,
        queue -> {
          try {
            return recall(unlimited(system, queue)) >= plan.target();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
          }
        });
  }

  private Answers unlimited(MergeSystem system, int queue)
      throws IOException, InterruptedException {
    try (ControlGroup group = ControlGroup.create(0)) {
      return search(system, queue, group, 0);
    }
  }

  private Answers search(MergeSystem system, int queue, ControlGroup group, double warmUp)
      throws IOException, InterruptedException {
    List<String> args =
        List.of(
            indexes.folder(system).toString(),
            queriesFile.toString(),
            Integer.toString(plan.k()),
            Integer.toString(queue),
            Double.toString(warmUp),
            Double.toString(plan.seconds()));
    return ChildProcess.run(group, plan.searchHeap(), SearchProcess.class, args, Answers.class);
  }

  private LimitRow row(MergeSystem system, int queue, long limit)
      throws IOException, InterruptedException {
    String setting = system == MergeSystem.IVFPQ ? "default" : "queue=" + queue;
    Double mb = limit == 0 ? null : limit / MB;
    say.accept("searching " + system + (mb == null ? "" : " in " + mb.longValue() + " MB"));
    PageCache.forget(indexes.folder(system));
    try (ControlGroup group = ControlGroup.create(limit)) {
      Answers answers;
      try {
        answers = search(system, queue, group, plan.seconds());
      } catch (IOException e) {
        return new LimitRow(
            system.toString(),
            setting,
            mb,
            plan.searchHeap(),
            e.getMessage(),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
      }
      double[] sorted = answers.micros().clone();
      Arrays.sort(sorted);
      return new LimitRow(
          system.toString(),
          setting,
          mb,
          plan.searchHeap(),
          null,
          recall(answers),
          sorted[sorted.length / 2],
          sorted[(int) (sorted.length * .99)],
          Arrays.stream(sorted).average().orElseThrow(),
          sorted.length,
          answers.warmed(),
          (double) answers.majorFaults() / sorted.length,
          group.cached() / MB);
    }
  }

  private double recall(Answers answers) throws IOException {
    long right = 0;
    for (int i = 0; i < answers.documents().length; i++) {
      for (int document : answers.documents()[i]) {
        right += truth.isNeighbour(i, base.row(document)) ? 1 : 0;
      }
    }
    return right / ((double) answers.documents().length * plan.k());
  }
}
