// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/** One setting tried on the way to the best one, timed in a single pass. */
public record Point(
    @JsonProperty("system") String system,
    @JsonProperty("num_segments") int segments,
    @JsonProperty("setting") String setting,
    @JsonProperty("recall") double recall,
    @JsonProperty("mean_us") double micros) {

  static Point of(BenchSystem system, Trial trial) {
    return new Point(
        system.toString(),
        trial.contender().index().segments(),
        trial.contender().words(),
        trial.recall(),
        trial.micros());
  }
}
