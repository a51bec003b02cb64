// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Times contenders in one thread, one query at a time. After a round of warming up all take turns
 * in every round, so that a noisy spell of the machine meets all of them.
 */
public final class Stopwatch {
  /** Slow contenders take every n-th query, so that a round of one is about as long as this. */
  private static final double ROUND_MICROS = 3e6;

  private static final int MIN_QUERIES = 100;

  private final float[][] queries;
  private final int k;

  /**
   * @param queries (n, d), not modified
   * @param k hits asked for
   */
  public Stopwatch(float[][] queries, int k) {
    this.queries = queries;
    this.k = k;
  }

  /** The timings of {@code trials}, in their order. */
  List<Timing> race(List<Trial> trials, int rounds) throws IOException {
    return race(
        trials.stream().map(Trial::contender).toList(),
        trials.stream().mapToDouble(Trial::micros).toArray(),
        rounds);
  }

  /**
   * The timings of {@code asks}, in their order.
   *
   * @param micros about how long a query of each takes
   */
  public List<Timing> race(List<? extends Ask> asks, double[] micros, int rounds)
      throws IOException {
    List<List<Timing>> timings = new ArrayList<>();
    for (int i = 0; i < micros.length; i++) {
      round(asks.get(i), micros[i]);
      timings.add(new ArrayList<>());
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < micros.length; i++) {
        timings.get(i).add(round(asks.get(i), micros[i]));
      }
    }
    return timings.stream().map(Stopwatch::median).toList();
  }

  private Timing round(Ask ask, double expected) throws IOException {
    int count =
        (int) Math.min(queries.length, Math.max(MIN_QUERIES, Math.round(ROUND_MICROS / expected)));
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double[] micros = new double[count];
    long cpu = threads.getCurrentThreadCpuTime();
    long began = System.nanoTime();
    for (int i = 0; i < count; i++) {
      float[] query = queries[(int) ((long) i * queries.length / count)];
      long start = System.nanoTime();
      ask.search(query, k);
      micros[i] = (System.nanoTime() - start) / 1e3;
    }
    double mean = (System.nanoTime() - began) / 1e3 / count;
    double cpuMean = (threads.getCurrentThreadCpuTime() - cpu) / 1e3 / count;
    Arrays.sort(micros);
    return new Timing(mean, quantile(micros, 0.5), quantile(micros, 0.99), cpuMean, count);
  }

  /** Nearest rank. */
  private static double quantile(double[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }

  private static Timing median(List<Timing> rounds) {
    return new Timing(
        median(rounds, Timing::mean),
        median(rounds, Timing::p50),
        median(rounds, Timing::p99),
        median(rounds, Timing::cpu),
        rounds.getFirst().queries());
  }

  private static double median(List<Timing> rounds, ToDoubleFunction<Timing> part) {
    return quantile(rounds.stream().mapToDouble(part).sorted().toArray(), 0.5);
  }
}
