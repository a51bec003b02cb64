// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds the least effort of a family that reaches a recall: bigger and bigger steps until it is
 * reached, then halving. Every setting is tried once, whatever number of targets asks for it.
 */
final class SettingSearch {
  private static final double STEP = 1.5;

  /** Efforts this close are not told apart: the time between them is within the noise. */
  private static final double PRECISION = 0.02;

  private final GroundTruth truth;
  private final Map<Contender, Trial> trials = new LinkedHashMap<>();

  SettingSearch(GroundTruth truth) {
    this.truth = truth;
  }

  /** The trial of the least effort whose recall is {@code target}, or else of the largest. */
  Trial least(Family family, double target) throws IOException {
    int failing = family.least() - 1;
    int effort = family.least();
    Trial reached = trial(family.contender(effort));
    while (reached.recall() < target) {
      if (effort == family.most()) {
        return reached;
      }
      failing = effort;
      effort = (int) Math.min(family.most(), Math.max(effort + 1, Math.round(effort * STEP)));
      reached = trial(family.contender(effort));
    }
    while (effort - failing > Math.max(1, effort * PRECISION)) {
      int middle = (failing + effort) >>> 1;
      Trial between = trial(family.contender(middle));
      if (between.recall() < target) {
        failing = middle;
      } else {
        effort = middle;
        reached = between;
      }
    }
    return reached;
  }

  /** All that was tried. */
  Collection<Trial> trials() {
    return trials.values();
  }

  private Trial trial(Contender contender) throws IOException {
    Trial trial = trials.get(contender);
    if (trial == null) {
      float[][] queries = truth.queries().rows();
      long nanos = 0;
      long right = 0;
      for (int i = 0; i < queries.length; i++) {
        long start = System.nanoTime();
        var hits = contender.search(queries[i], truth.k());
        nanos += System.nanoTime() - start;
        right += truth.right(i, hits);
      }
      double recall = right / ((double) queries.length * truth.k());
      trial = new Trial(contender, recall, nanos / 1e3 / queries.length);
      trials.put(contender, trial);
    }
    return trial;
  }
}
