// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * Searches while documents were added, refreshed every 100 ms and merged in the background.
 *
 * @param vectors that were indexed
 * @param p50 of the queries, from its start to its hits
 * @param longestStall from when a query was due, whether or not the one before it was done
 * @param refreshMax the longest that one refresh took, flush and training included
 * @param addMax the longest that adding one document took
 */
@JsonPropertyOrder({"system", "vectors", "seconds"})
public record NrtRow(
    @JsonProperty("system") String system,
    @JsonProperty("vectors") int vectors,
    @JsonProperty("seconds") double seconds,
    @JsonProperty("search_threads") int threads,
    @JsonProperty("queries") int queries,
    @JsonProperty("p50_us") double p50,
    @JsonProperty("p99_us") double p99,
    @JsonProperty("max_us") double max,
    @JsonProperty("longest_stall_ms") double longestStall,
    @JsonProperty("refreshes") int refreshes,
    @JsonProperty("refresh_p50_ms") double refreshP50,
    @JsonProperty("refresh_max_ms") double refreshMax,
    @JsonProperty("add_max_ms") double addMax,
    @JsonProperty("merges") int merges,
    @JsonProperty("most_segments") int mostSegments,
    @JsonProperty("cpu_s") double cpu) {}
