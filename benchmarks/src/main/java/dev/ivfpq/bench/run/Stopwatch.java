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
final class Stopwatch {
  /** Slow contenders take every n-th query, so that a round of one is about as long as this. */
  private static final double ROUND_MICROS = 3e6;

  private static final int MIN_QUERIES = 100;

  private final float[][] queries;
  private final int k;

  Stopwatch(float[][] queries, int k) {
    this.queries = queries;
    this.k = k;
  }

  /** The timings of {@code trials}, in their order. */
  List<Timing> race(List<Trial> trials, int rounds) throws IOException {
    List<List<Timing>> timings = new ArrayList<>();
    for (Trial trial : trials) {
      round(trial);
      timings.add(new ArrayList<>());
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < trials.size(); i++) {
        timings.get(i).add(round(trials.get(i)));
      }
    }
    return timings.stream().map(Stopwatch::median).toList();
  }

  private Timing round(Trial trial) throws IOException {
    int count =
        (int)
            Math.min(
                queries.length, Math.max(MIN_QUERIES, Math.round(ROUND_MICROS / trial.micros())));
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double[] micros = new double[count];
    long cpu = threads.getCurrentThreadCpuTime();
    long began = System.nanoTime();
    for (int i = 0; i < count; i++) {
      float[] query = queries[(int) ((long) i * queries.length / count)];
      long start = System.nanoTime();
      trial.contender().search(query, k);
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
