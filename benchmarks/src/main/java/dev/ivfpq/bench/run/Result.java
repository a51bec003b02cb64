// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import java.util.Comparator;
import java.util.List;

/** A contender's recall and its times. */
record Result(Trial trial, Timing timing) {

  /**
   * The fastest that reaches {@code target}; where none does, the one of best recall, and the
   * fastest of those.
   *
   * @param results at least one
   */
  static Result best(List<Result> results, double target) {
    return results.stream()
        .filter(result -> result.reaches(target))
        .min(Comparator.comparingDouble(result -> result.timing.mean()))
        .orElseGet(() -> mostAccurate(results));
  }

  private static Result mostAccurate(List<Result> results) {
    return results.stream()
        .min(
            Comparator.<Result>comparingDouble(result -> -result.trial.recall())
                .thenComparingDouble(result -> result.timing.mean()))
        .orElseThrow();
  }

  boolean reaches(double target) {
    return trial.recall() >= target;
  }
}
