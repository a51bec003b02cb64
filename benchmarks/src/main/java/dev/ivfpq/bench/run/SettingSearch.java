// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds the least effort of a family that reaches a recall. Every setting is tried once, whatever
 * number of targets asks for it.
 */
final class SettingSearch {
  private final GroundTruth truth;
  private final Map<Contender, Trial> trials = new LinkedHashMap<>();

  SettingSearch(GroundTruth truth) {
    this.truth = truth;
  }

  /** The trial of the least effort whose recall is {@code target}, or else of the largest. */
  Trial least(Family family, double target) throws IOException {
    int effort =
        LeastEffort.find(
            family.least(),
            family.most(),
            tried -> trial(family.contender(tried)).recall() >= target);
    return trial(family.contender(effort));
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
