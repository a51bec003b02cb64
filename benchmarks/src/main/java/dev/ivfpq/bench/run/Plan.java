// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import java.util.List;

/**
 * What is to be compared.
 *
 * @param systems in the order of their turns
 * @param targets recalls to be reached, each in (0, 1]
 * @param distance what is near
 * @param k neighbours asked for
 * @param rounds medians are taken over
 * @param segments for each, all systems are built anew; 1 is one merged segment
 * @param builders threads that build indexes, one each; 1 where it is reported how long that takes
 * @param faiss whether the machine's own faiss is asked too
 */
public record Plan(
    List<BenchSystem> systems,
    List<Double> targets,
    Distance distance,
    int k,
    int rounds,
    List<Integer> segments,
    int builders,
    boolean faiss) {

  /** Checks all numbers. */
  public Plan {
    for (double target : targets) {
      if (!(target > 0 && target <= 1)) {
        throw new IllegalArgumentException("targets must be in (0, 1], got " + target);
      }
    }
    atLeastOne("k", k);
    atLeastOne("rounds", rounds);
    atLeastOne("builders", builders);
    segments.forEach(count -> atLeastOne("segments", count));
    if (faiss && distance != Distance.EUCLIDEAN) {
      throw new IllegalArgumentException(
          "faiss is compared by euclidean distance alone, got similarity " + distance);
    }
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, got " + value);
    }
  }
}
