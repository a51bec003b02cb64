// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

import dev.ivfpq.bench.data.VectorRows;
import dev.ivfpq.bench.run.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * Adds documents at a steady rate with Lucene's default merges, refreshes every 100 ms, and
 * searches meanwhile, each query when it is due.
 */
final class NrtSearches {
  private static final long REFRESH_NANOS = 100_000_000;

  private final MergeSystem system;
  private final VectorRows rows;
  private final float[][] queries;
  private final NrtPlan plan;
  private final int k;
  private final AtomicBoolean done = new AtomicBoolean();
  private final AtomicInteger mostSegments = new AtomicInteger();

  /**
   * @param queries asked in turns
   */
  NrtSearches(MergeSystem system, VectorRows rows, float[][] queries, NrtPlan plan, int k) {
    this.system = system;
    this.rows = rows;
    this.queries = queries;
    this.plan = plan;
    this.k = k;
  }

  /** Times in nanoseconds; what was due late counts from when it was due. */
  private record Times(List<Long> took, long longestFromDue) {}

  private record Indexed(int vectors, long longestAdd) {}

  /** A step that is done again and again. */
  private interface Step {
    void run(int number) throws IOException;
  }

  /**
   * Runs all threads.
   *
   * @param folder is made
   */
  NrtRow run(Path folder) throws IOException {
    CountingScheduler scheduler = new CountingScheduler();
    IndexWriterConfig config =
        new IndexWriterConfig(null).setCodec(system.kind().codec()).setMergeScheduler(scheduler);
    ExecutorService threads = Executors.newFixedThreadPool(plan.threads() + 1);
    try (Directory directory = FSDirectory.open(folder);
        IndexWriter writer = new IndexWriter(directory, config);
        SearcherManager manager = new SearcherManager(writer, null);
        Meter meter = new Meter()) {
      List<Future<Times>> searching = new ArrayList<>();
      Future<Times> refreshing =
          threads.submit(every(REFRESH_NANOS, number -> manager.maybeRefresh()));
      for (int i = 0; i < plan.threads(); i++) {
        int first = i * queries.length / plan.threads();
        searching.add(
            threads.submit(
                every(
                    1_000_000_000L / plan.queriesASecond(),
                    number -> search(manager, queries[(first + number) % queries.length]))));
      }
      Indexed indexed;
      try {
        indexed = index(writer);
      } finally {
        done.set(true);
      }
      Meter.Cost cost = meter.read();
      return row(indexed, cost, searching, refreshing, scheduler.merges());
    } finally {
      threads.shutdownNow();
    }
  }

  private Indexed index(IndexWriter writer) throws IOException {
    long start = System.nanoTime();
    long longest = 0;
    int row = 0;
    for (; row < rows.size() && System.nanoTime() - start < plan.seconds() * 1e9; row++) {
      sleepUntil(start + (long) (row * 1e9 / plan.documentsASecond()));
      float[] vector = rows.row(row);
      long began = System.nanoTime();
      writer.addDocument(SegmentWriter.document(vector));
      longest = Math.max(longest, System.nanoTime() - began);
    }
    return new Indexed(row, longest);
  }

  private void search(SearcherManager manager, float[] query) throws IOException {
    IndexSearcher searcher = manager.acquire();
    try {
      mostSegments.accumulateAndGet(searcher.getIndexReader().leaves().size(), Math::max);
      searcher.search(new KnnFloatVectorQuery(Setting.FIELD, query, k), k);
    } finally {
      manager.release(searcher);
    }
  }

  /** Does a step when it is due, at once where the one before it took longer, until all is done. */
  private Callable<Times> every(long nanos, Step step) {
    return () -> {
      List<Long> took = new ArrayList<>();
      long longest = 0;
      long start = System.nanoTime();
      for (int number = 0; !done.get(); number++) {
        long due = start + number * nanos;
        sleepUntil(due);
        long began = System.nanoTime();
        step.run(number);
        long ended = System.nanoTime();
        took.add(ended - began);
        longest = Math.max(longest, ended - due);
      }
      return new Times(took, longest);
    };
  }

  private static void sleepUntil(long nanos) {
    for (long left = nanos - System.nanoTime();
        left > 0 && !Thread.currentThread().isInterrupted();
        left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private NrtRow row(
      Indexed indexed,
      Meter.Cost cost,
      List<Future<Times>> searching,
      Future<Times> refreshing,
      int merges)
      throws IOException {
    List<Long> took = new ArrayList<>();
    long longest = 0;
    for (Future<Times> thread : searching) {
      Times times = get(thread);
      took.addAll(times.took());
      longest = Math.max(longest, times.longestFromDue());
    }
    double[] micros = took.stream().mapToDouble(nanos -> nanos / 1e3).toArray();
    double[] refreshes =
        get(refreshing).took().stream().mapToDouble(nanos -> nanos / 1e6).toArray();
    return new NrtRow(
        system.toString(),
        indexed.vectors(),
        cost.wall(),
        plan.threads(),
        micros.length,
        Medians.of(micros),
        Medians.quantile(micros, .99),
        Medians.quantile(micros, 1),
        longest / 1e6,
        refreshes.length,
        Medians.of(refreshes),
        Medians.quantile(refreshes, 1),
        indexed.longestAdd() / 1e6,
        merges,
        mostSegments.get(),
        cost.cpu());
  }

  private static Times get(Future<Times> thread) throws IOException {
    try {
      return thread.get();
    } catch (ExecutionException e) {
      throw new IOException("a thread failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
