// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What searches with many efforts found.
 *
 * @param dims of the frames
 * @param k neighbours looked for
 * @param frames number of frames searched with
 * @param holdOut what they could not find
 * @param targetRecall what is to be reached
 * @param efforts the segments' own first, then by nprobe and kFactor
 */
public record Tuning(
    int dims,
    int k,
    int frames,
    HoldOut holdOut,
    double targetRecall,
    List<MeasuredEffort> efforts) {

  /** Takes a copy. */
  public Tuning {
    efforts = List.copyOf(efforts);
  }

  /** The quickest effort that reaches the recall; empty if none does. */
  public Optional<MeasuredEffort> cheapest() {
    return efforts.stream()
        .filter(effort -> effort.recall() >= targetRecall)
        .min(Comparator.comparingDouble(MeasuredEffort::micros));
  }

  /** The effort with the highest recall, the quickest of them. */
  public MeasuredEffort best() {
    return efforts.stream()
        .max(
            Comparator.comparingDouble(MeasuredEffort::recall)
                .thenComparing(Comparator.comparingDouble(MeasuredEffort::micros).reversed()))
        .orElseThrow();
  }
}
