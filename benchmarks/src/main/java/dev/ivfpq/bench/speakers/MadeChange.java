// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speakers;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What one change took, in milliseconds.
 *
 * @param commitMs from the call to its return, when it is committed, with the merges it brings
 *     about
 * @param refreshMs from then on until a searcher of another store object, opened before, sees it: a
 *     refresh and a query
 * @param reopenMs until a store opened anew does
 * @param segments of the store afterwards; fewer than before where segments were merged
 */
public record MadeChange(
    @JsonProperty("change") String change,
    @JsonProperty("speaker") String speaker,
    @JsonProperty("commit_ms") double commitMs,
    @JsonProperty("refresh_ms") double refreshMs,
    @JsonProperty("reopen_ms") double reopenMs,
    @JsonProperty("num_segments") int segments) {

  /** From the call until it is seen after a refresh. */
  double seenMs() {
    return commitMs + refreshMs;
  }
}
