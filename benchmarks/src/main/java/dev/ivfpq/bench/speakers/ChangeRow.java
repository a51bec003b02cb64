// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speakers;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * One kind of change: medians over the rounds, and the worst, of what {@link MadeChange} has.
 *
 * @param percent all until it is seen after a refresh, in percent of the rebuild's wall time
 */
public record ChangeRow(
    @JsonProperty("change") String change,
    @JsonProperty("rounds") int rounds,
    @JsonProperty("commit_ms") double commitMs,
    @JsonProperty("commit_max_ms") double commitMaxMs,
    @JsonProperty("refresh_ms") double refreshMs,
    @JsonProperty("refresh_max_ms") double refreshMaxMs,
    @JsonProperty("reopen_ms") double reopenMs,
    @JsonProperty("reopen_max_ms") double reopenMaxMs,
    @JsonProperty("rebuild_s") double rebuildSeconds,
    @JsonProperty("percent_of_rebuild") double percent,
    @JsonProperty("percent_of_rebuild_max") double percentMax) {

  /** Of those changes that are of one kind. */
  static ChangeRow of(String change, List<MadeChange> each, double rebuildSeconds) {
    List<MadeChange> made = each.stream().filter(one -> one.change().equals(change)).toList();
    double[] commits = made.stream().mapToDouble(MadeChange::commitMs).sorted().toArray();
    double[] refreshes = made.stream().mapToDouble(MadeChange::refreshMs).sorted().toArray();
    double[] reopenings = made.stream().mapToDouble(MadeChange::reopenMs).sorted().toArray();
    double[] percents =
        made.stream().mapToDouble(one -> one.seenMs() / 10 / rebuildSeconds).sorted().toArray();
    return new ChangeRow(
        change,
        made.size(),
        middle(commits),
        last(commits),
        middle(refreshes),
        last(refreshes),
        middle(reopenings),
        last(reopenings),
        rebuildSeconds,
        middle(percents),
        last(percents));
  }

  private static double middle(double[] sorted) {
    return sorted[(sorted.length - 1) / 2];
  }

  private static double last(double[] sorted) {
    return sorted[sorted.length - 1];
  }
}
