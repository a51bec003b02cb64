// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds the least effort of a family that reaches a recall. Every setting is tried once, whatever
 * number of targets asks for it. A family that gets far slower than one that reached the recall is
 * given up: more effort makes it no faster.
 */
final class SettingSearch {
  /** So many times the time of the fastest that reached the recall is too slow to be the best. */
  private static final double HOPELESS = 3;

  private final GroundTruth truth;
  private final Map<Contender, Trial> trials = new LinkedHashMap<>();

  SettingSearch(GroundTruth truth) {
    this.truth = truth;
  }

  /**
   * The trial of the least effort whose recall is {@code target}; or else of one that is hopelessly
   * slow, or of the largest.
   */
  Trial least(Family family, double target) throws IOException {
    int effort =
        LeastEffort.find(
            family.least(),
            family.most(),
            tried -> {
              Trial trial = trial(family.contender(tried));
              return trial.recall() >= target || trial.micros() > HOPELESS * fastest(target);
            });
    return trial(family.contender(effort));
  }

  /** Time of the fastest trial so far that reached the recall, of any family. */
  private double fastest(double target) {
    return trials.values().stream()
        .filter(trial -> trial.recall() >= target)
        .mapToDouble(Trial::micros)
        .min()
        .orElse(Double.POSITIVE_INFINITY);
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
