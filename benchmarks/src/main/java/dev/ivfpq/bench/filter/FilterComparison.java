// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.filter;

import static java.util.Comparator.comparingDouble;

import dev.ivfpq.bench.data.VectorSet;
import dev.ivfpq.bench.run.BenchSystem;
import dev.ivfpq.bench.run.GroundTruth;
import dev.ivfpq.bench.run.IndexKind;
import dev.ivfpq.bench.run.LeastEffort;
import dev.ivfpq.bench.run.RawVectorsFormat;
import dev.ivfpq.bench.run.SideBySide;
import dev.ivfpq.bench.run.Stopwatch;
import dev.ivfpq.bench.run.Timing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.lucene.util.IOUtils;

/**
 * Compares filtered searches in one thread. For every order of documents all indexes are built; for
 * every filter and kind of query the format's default, each graph's least queue that reaches the
 * target, and a reader that answers at once take turns.
 */
public final class FilterComparison {
  private static final IndexKind MACHINERY = new IndexKind("machinery", new RawVectorsFormat());

  /** Lucene's own, which is never, and always: a share is on one side of any other, too. */
  private static final int[] FILTERED_SEARCH_THRESHOLDS = {0, 100};

  /** Queries of each index before any is timed. */
  private static final int WARM_UP = 5_000;

  private final FilterPlan plan;
  private final VectorSet unseen;
  private final SpeakerRows rows;
  private final FilterCases cases;
  private final Path folder;
  private final Consumer<String> log;
  private final List<FilterRow> results = new ArrayList<>();

  private FilterComparison(
      FilterPlan plan, VectorSet unseen, SpeakerRows rows, Path folder, Consumer<String> log) {
    this.plan = plan;
    this.unseen = unseen;
    this.rows = rows;
    this.cases = new FilterCases(rows, plan.shares(), plan.seed());
    this.folder = folder;
    this.log = log;
  }

  /**
   * Compares.
   *
   * @param speakers of the base, row by row
   * @param folder takes the indexes, which are deleted at the end
   * @param log hears what is going on
   */
  public static List<FilterRow> run(
      FilterPlan plan,
      VectorSet base,
      int[] speakers,
      VectorSet queries,
      Path folder,
      Consumer<String> log)
      throws IOException {
    queries.checkSearchable(base.dims());
    // What a run that was killed left would be added to.
    IOUtils.rm(folder);
    SpeakerRows rows = SpeakerRows.draw(base, speakers, plan.seed());
    FilterComparison comparison = new FilterComparison(plan, queries, rows, folder, log);
    for (DocumentOrder order : DocumentOrder.values()) {
      comparison.compare(order);
    }
    return comparison.results;
  }

  private void compare(DocumentOrder order) throws IOException {
    Map<BenchSystem, List<FilterIndex>> indexes = new LinkedHashMap<>();
    List<FilterIndex> open = build(order);
    try {
      for (BenchSystem system : plan.systems()) {
        List<String> kinds = system.kinds(unseen.dims()).stream().map(IndexKind::name).toList();
        indexes.put(
            system, open.stream().filter(one -> kinds.contains(one.kind().name())).toList());
      }
      log.accept("warming up");
      for (FilterIndex index : open) {
        warmUp(index);
      }
      for (FilterCase filter : cases.all()) {
        for (Map.Entry<String, float[][]> queries : queries(filter).entrySet()) {
          if (queries.getValue().length == 0) {
            log.accept("no queries " + queries.getKey() + " for " + filter.filter());
            continue;
          }
          compare(order, filter, queries.getKey(), queries.getValue(), indexes, open.getLast());
        }
      }
    } finally {
      IOUtils.closeWhileHandlingException(open);
      IOUtils.rm(folder);
    }
  }

  /** Builds an index of each kind, side by side; that of the machinery comes last. */
  private List<FilterIndex> build(DocumentOrder order) throws IOException {
    List<IndexKind> kinds = new ArrayList<>();
    plan.systems().forEach(system -> kinds.addAll(system.kinds(unseen.dims())));
    kinds.add(MACHINERY);
    List<Callable<FilterIndex>> builders = new ArrayList<>();
    for (IndexKind kind : kinds) {
      builders.add(
          () -> {
            log.accept("building " + kind.name() + ", documents in " + order + " order");
            Path home = folder.resolve(order + " " + kind.name());
            return FilterIndex.build(home, kind, rows, cases, order, plan);
          });
    }
    return SideBySide.open(Runtime.getRuntime().availableProcessors(), builders);
  }

  /** Code that is not compiled yet is ten times slower, and a race's first round not enough. */
  private void warmUp(FilterIndex index) throws IOException {
    List<FilterCase> filters = cases.all();
    for (int i = 0; i < WARM_UP; i++) {
      FilteredAsk ask =
          FilteredAsk.plain(index, filters.get(i % filters.size()).filter(), plan.k());
      ask.search(unseen.rows()[i % unseen.size()], plan.k());
    }
  }

  /** The kinds of queries that are asked with a filter. */
  private Map<String, float[][]> queries(FilterCase filter) {
    Map<String, float[][]> queries = new LinkedHashMap<>();
    queries.put("unseen", unseen.first(plan.queries()).rows());
    if (!filter.kind().equals(FilterCases.RANDOM)) {
      Set<Integer> accepted =
          Arrays.stream(filter.accepted())
              .mapToObj(row -> rows.speakers()[row])
              .collect(Collectors.toSet());
      queries.put("same", rows.keptOutOf(accepted::contains, plan.queries()));
      queries.put("other", rows.keptOutOf(who -> !accepted.contains(who), plan.queries()));
    }
    return queries;
  }

  private void compare(
      DocumentOrder order,
      FilterCase filter,
      String kind,
      float[][] queries,
      Map<BenchSystem, List<FilterIndex>> indexes,
      FilterIndex machinery)
      throws IOException {
    log.accept(
        String.format(
            "%s order, %s filter that accepts %,d, %s queries",
            order, filter.kind(), filter.accepted().length, kind));
    Judge judge = new Judge(filter, queries);
    Map<FilteredAsk, Trial> trials = new LinkedHashMap<>();
    for (Map.Entry<BenchSystem, List<FilterIndex>> system : indexes.entrySet()) {
      for (FilterIndex index : system.getValue()) {
        for (FilteredAsk ask : asks(system.getKey(), index, filter, judge)) {
          trials.put(ask, judge.trial(ask));
        }
      }
    }
    List<FilteredAsk> racing = new ArrayList<>(trials.keySet());
    racing.add(FilteredAsk.plain(machinery, filter.filter(), plan.k()));
    double[] micros =
        racing.stream()
            .mapToDouble(ask -> trials.containsKey(ask) ? trials.get(ask).micros() : 1)
            .toArray();
    List<Timing> timings = new Stopwatch(queries, plan.k()).race(racing, micros, plan.rounds());
    List<Result> all =
        IntStream.range(0, trials.size())
            .mapToObj(i -> new Result(racing.get(i), trials.get(racing.get(i)), timings.get(i)))
            .toList();
    double around = timings.getLast().p50();
    Result hnsw =
        indexes.containsKey(BenchSystem.HNSW) ? best(BenchSystem.HNSW, indexes, all) : null;
    for (BenchSystem system : indexes.keySet()) {
      Result best = best(system, indexes, all);
      results.add(row(order, filter, kind, queries.length, system, best, hnsw, around));
    }
  }

  /** All that a system can do about a filter, each at the least effort that reaches the target. */
  private List<FilteredAsk> asks(
      BenchSystem system, FilterIndex index, FilterCase filter, Judge judge) throws IOException {
    if (system.hasLists()) {
      return List.of(FilteredAsk.plain(index, filter.filter(), plan.k()));
    }
    List<FilteredAsk> asks = new ArrayList<>();
    for (int threshold : FILTERED_SEARCH_THRESHOLDS) {
      int most = Math.max(plan.k(), Math.min(BenchSystem.MAX_QUEUE, rows.indexed().size()));
      int queue =
          LeastEffort.find(
              plan.k(),
              most,
              effort ->
                  judge.trial(FilteredAsk.graph(index, filter.filter(), effort, threshold)).recall()
                      >= plan.target());
      asks.add(FilteredAsk.graph(index, filter.filter(), queue, threshold));
    }
    return asks;
  }

  /** The fastest that reaches the target, or else the one of best recall. */
  private Result best(
      BenchSystem system, Map<BenchSystem, List<FilterIndex>> indexes, List<Result> all) {
    List<Result> own =
        all.stream().filter(one -> indexes.get(system).contains(one.ask().index())).toList();
    return own.stream()
        .filter(this::reaches)
        .min(comparingDouble((Result one) -> one.timing().mean()))
        .orElseGet(
            () ->
                own.stream()
                    .min(
                        comparingDouble((Result one) -> -one.trial().recall())
                            .thenComparingDouble(one -> one.timing().mean()))
                    .orElseThrow());
  }

  private boolean reaches(Result result) {
    return result.trial().recall() >= plan.target();
  }

  private FilterRow row(
      DocumentOrder order,
      FilterCase filter,
      String kind,
      int queryCount,
      BenchSystem system,
      Result result,
      Result hnsw,
      double around) {
    boolean compared = hnsw != null && reaches(result);
    return new FilterRow(
        order.toString(),
        result.ask().index().segments(),
        filter.kind(),
        filter.accepted().length / (double) rows.indexed().size(),
        filter.accepted().length,
        kind,
        queryCount,
        system.toString(),
        result.ask().words(),
        result.trial().recall(),
        reaches(result),
        result.timing().p50(),
        result.timing().p99(),
        result.timing().mean(),
        around,
        compared ? hnsw.timing().mean() / result.timing().mean() : null,
        compared && !reaches(hnsw));
  }

  /** What one pass over the queries showed. */
  private record Trial(double recall, double micros) {}

  private record Result(FilteredAsk ask, Trial trial, Timing timing) {}

  /** Says how right hits are; tries nothing twice. */
  private final class Judge {
    private final float[][] queries;
    private final BitSet accepted = new BitSet();
    private final GroundTruth truth;
    private final Map<FilteredAsk, Trial> trials = new HashMap<>();

    Judge(FilterCase filter, float[][] queries) throws IOException {
      this.queries = queries;
      IntStream.of(filter.accepted()).forEach(accepted::set);
      VectorSet among =
          new VectorSet(
              IntStream.of(filter.accepted())
                  .mapToObj(row -> rows.indexed().rows()[row])
                  .toArray(float[][]::new));
      int k = Math.min(plan.k(), among.size());
      truth = GroundTruth.compute(among, new VectorSet(queries), plan.distance(), k);
    }

    Trial trial(FilteredAsk ask) throws IOException {
      Trial trial = trials.get(ask);
      if (trial == null) {
        trial = compute(ask);
        trials.put(ask, trial);
      }
      return trial;
    }

    private Trial compute(FilteredAsk ask) throws IOException {
      long nanos = 0;
      long right = 0;
      for (int i = 0; i < queries.length; i++) {
        long start = System.nanoTime();
        var hits = ask.search(queries[i], plan.k());
        nanos += System.nanoTime() - start;
        for (var hit : hits) {
          int row = ask.index().row(hit.doc);
          if (!accepted.get(row)) {
            throw new IllegalStateException(
                ask.words() + " found row " + row + ", which " + ask.filter() + " does not accept");
          }
          right += truth.isNeighbour(i, rows.indexed().rows()[row]) ? 1 : 0;
        }
      }
      return new Trial(right / ((double) queries.length * truth.k()), nanos / 1e3 / queries.length);
    }
  }
}
