// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speakers;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Searches of one speaker's frames among all, one frame a query, one thread.
 *
 * @param speakers whose frames were searched, one after the other
 * @param recall of k, beside every distance to the speaker's frames
 * @param p50 microseconds, over all speakers and rounds
 * @param first microseconds of a speaker's first query, which finds its frames: the median
 */
public record SearchRow(
    @JsonProperty("searched") String searched,
    @JsonProperty("speakers") int speakers,
    @JsonProperty("queries") int queries,
    @JsonProperty("topK") int k,
    @JsonProperty("recall") double recall,
    @JsonProperty("p50_us") double p50,
    @JsonProperty("p99_us") double p99,
    @JsonProperty("first_query_us") double first) {}
