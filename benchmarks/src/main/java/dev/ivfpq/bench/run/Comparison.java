// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import dev.ivfpq.bench.data.VectorSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.apache.lucene.util.IOUtils;

/**
 * Compares systems on the same vectors in one thread: builds all indexes, finds for each system the
 * least efforts that reach each target, picks its fastest few in a short race, and times those of
 * all systems together in interleaved rounds.
 *
 * <p>Nothing here knows one system from another but for the row that others are compared with.
 */
public final class Comparison {
  /** Vectors indexed before builds are timed. */
  private static final int WARM_UP = 10_000;

  /** Of the race within a system. */
  private static final int HEAT_ROUNDS = 3;

  /** Contenders of a system and target that go on to the last race. */
  private static final int FINALISTS = 3;

  private final Plan plan;
  private final VectorSet base;
  private final GroundTruth truth;
  private final Path folder;
  private final Consumer<String> log;
  private final Stopwatch stopwatch;
  private final List<Row> rows = new ArrayList<>();
  private final List<Batch> batches = new ArrayList<>();
  private final List<Build> builds = new ArrayList<>();
  private final List<Point> points = new ArrayList<>();

  private Comparison(
      Plan plan, VectorSet base, GroundTruth truth, Path folder, Consumer<String> log) {
    this.plan = plan;
    this.base = base;
    this.truth = truth;
    this.folder = folder;
    this.log = log;
    this.stopwatch = new Stopwatch(truth.queries().rows(), plan.k());
  }

  /**
   * Compares.
   *
   * @param base at least k vectors
   * @param queries of the same dimensions
   * @param folder takes the indexes, which are deleted at the end
   * @param truths where the true neighbours are kept for another run on the same inputs
   * @param log hears what is going on
   */
  public static Outcome run(
      Plan plan, VectorSet base, VectorSet queries, Path folder, Path truths, Consumer<String> log)
      throws IOException {
    log.accept("computing the true neighbours, unless they are known");
    GroundTruth truth = GroundTruth.cached(truths, base, queries, plan.distance(), plan.k());
    // What a run that was killed left would be added to.
    IOUtils.rm(folder);
    Comparison comparison = new Comparison(plan, base, truth, folder, log);
    for (int segments : plan.segments()) {
      comparison.compare(segments);
    }
    if (plan.faiss()) {
      comparison.askFaiss();
    }
    return new Outcome(comparison.rows, comparison.batches, comparison.builds, comparison.points);
  }

  /** Hours of other results must not be lost where there is no faiss, or it fails. */
  private void askFaiss() throws IOException {
    log.accept("asking faiss");
    List<Row> hnsw =
        rows.stream()
            .filter(row -> row.system().equals(BenchSystem.HNSW.toString()) && row.segments() == 1)
            .toList();
    try {
      rows.addAll(new FaissPeer(plan, truth, folder).rows(hnsw));
    } catch (IOException e) {
      log.accept("no row of faiss: " + e.getMessage());
    }
  }

  private void compare(int segments) throws IOException {
    warmUp();
    Map<String, BuiltIndex> built = build(segments);
    try {
      Map<BenchSystem, List<BuiltIndex>> indexes = new LinkedHashMap<>();
      for (BenchSystem system : plan.systems()) {
        indexes.put(
            system,
            system.kinds(base.dims()).stream().map(kind -> built.get(kind.name())).toList());
      }
      Map<BenchSystem, List<Trial>> finalists = new LinkedHashMap<>();
      for (BenchSystem system : plan.systems()) {
        log.accept("searching the best settings of " + system);
        finalists.put(system, finalists(system, indexes.get(system)));
      }
      log.accept("timing");
      List<Trial> all = finalists.values().stream().flatMap(List::stream).toList();
      List<Timing> timings = stopwatch.race(all, plan.rounds());
      int next = 0;
      Map<BenchSystem, List<Result>> results = new LinkedHashMap<>();
      for (BenchSystem system : plan.systems()) {
        List<Result> ofSystem = new ArrayList<>();
        for (Trial trial : finalists.get(system)) {
          ofSystem.add(new Result(trial, timings.get(next++)));
        }
        results.put(system, ofSystem);
      }
      report(results);
      log.accept("timing many queries a call");
      timeBatches(results);
    } finally {
      IOUtils.closeWhileHandlingException(built.values());
      IOUtils.rm(folder);
    }
  }

  /** Builds the index of each kind once: systems that differ in how they search share it. */
  private Map<String, BuiltIndex> build(int segments) throws IOException {
    Map<String, BenchSystem> systems = new LinkedHashMap<>();
    List<Callable<BuiltIndex>> builders = new ArrayList<>();
    for (BenchSystem system : plan.systems()) {
      for (IndexKind kind : system.kinds(base.dims())) {
        if (systems.putIfAbsent(kind.name(), system) == null) {
          builders.add(
              () -> {
                log.accept("building " + kind.name());
                Path home = folder.resolve(segments + " " + kind.name());
                return BuiltIndex.build(home, kind, base, plan.distance(), segments);
              });
        }
      }
    }
    Map<String, BuiltIndex> built = new LinkedHashMap<>();
    for (BuiltIndex index : SideBySide.open(plan.builders(), builders)) {
      built.put(index.kind().name(), index);
    }
    for (Map.Entry<String, BuiltIndex> index : built.entrySet()) {
      builds.add(Build.of(systems.get(index.getKey()), index.getValue()));
    }
    return built;
  }

  /**
   * Builds a small index of each kind, so that no system's build pays for compiling what it uses.
   */
  private void warmUp() throws IOException {
    VectorSet some = base.first(Math.min(base.size(), WARM_UP));
    Set<String> warm = new LinkedHashSet<>();
    for (BenchSystem system : plan.systems()) {
      for (IndexKind kind : system.kinds(base.dims())) {
        if (warm.add(kind.name())) {
          log.accept("warming up " + kind.name());
          Path home = folder.resolve("warm-up " + kind.name());
          BuiltIndex.build(home, kind, some, plan.distance(), 1).close();
        }
      }
    }
    IOUtils.rm(folder);
  }

  /** The few contenders of a system that may turn out best for some target, and its default. */
  private List<Trial> finalists(BenchSystem system, List<BuiltIndex> indexes) throws IOException {
    SettingSearch search = new SettingSearch(truth);
    Set<Trial> candidates = new LinkedHashSet<>();
    for (BuiltIndex index : indexes) {
      for (Family family : system.families(index, plan.k())) {
        for (double target : plan.targets()) {
          candidates.add(search.least(family, target));
        }
      }
    }
    search.trials().forEach(trial -> points.add(Point.of(system, trial)));
    List<Trial> racing = List.copyOf(candidates);
    List<Timing> timings = stopwatch.race(racing, HEAT_ROUNDS);
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < racing.size(); i++) {
      results.add(new Result(racing.get(i), timings.get(i)));
    }
    Set<Trial> finalists = new LinkedHashSet<>();
    results.stream().filter(Comparison::isDefault).forEach(result -> finalists.add(result.trial()));
    for (double target : plan.targets()) {
      results.stream()
          .filter(result -> result.reaches(target))
          .sorted(Comparator.comparingDouble(result -> result.timing().mean()))
          .limit(FINALISTS)
          .forEach(result -> finalists.add(result.trial()));
      finalists.add(Result.best(results, target).trial());
    }
    return List.copyOf(finalists);
  }

  private static boolean isDefault(Result result) {
    return result.trial().contender().setting().words().equals(BenchSystem.DEFAULT);
  }

  private void report(Map<BenchSystem, List<Result>> results) throws IOException {
    List<Result> graphs = results.get(BenchSystem.HNSW);
    for (Map.Entry<BenchSystem, List<Result>> system : results.entrySet()) {
      for (Result result : system.getValue()) {
        if (isDefault(result)) {
          rows.add(row(system.getKey(), null, result, null));
        }
      }
      for (double target : plan.targets()) {
        Result best = Result.best(system.getValue(), target);
        Result hnsw = graphs == null ? null : Result.best(graphs, target);
        rows.add(row(system.getKey(), target, best, hnsw));
      }
    }
  }

  private void timeBatches(Map<BenchSystem, List<Result>> results) throws IOException {
    BatchRace race = new BatchRace(truth.queries().rows(), plan.k(), plan.rounds());
    for (Map.Entry<BenchSystem, List<Result>> system : results.entrySet()) {
      if (!system.getKey().hasLists()) {
        continue;
      }
      for (Result result : system.getValue()) {
        if (isDefault(result)) {
          batches.addAll(race.race(system.getKey(), null, result.trial().contender()));
        }
      }
      for (double target : plan.targets()) {
        Result best = Result.best(system.getValue(), target);
        batches.addAll(race.race(system.getKey(), target, best.trial().contender()));
      }
    }
  }

  private Row row(BenchSystem system, Double target, Result result, Result hnsw)
      throws IOException {
    Contender contender = result.trial().contender();
    long visited = 0;
    for (float[] query : truth.queries().rows()) {
      visited += contender.setting().visited(contender.index().searcher(), query, plan.k());
    }
    double mean = (double) visited / truth.queries().size();
    return Row.of(system, target, result, hnsw, mean, plan.k());
  }
}
