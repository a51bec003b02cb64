// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.filter;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * One filter, kind of query and system.
 *
 * @param order of the index's documents
 * @param share of the documents that the filter accepts
 * @param queries unseen: the file of queries; same, other: rows kept out of the index, of speakers
 *     whom the filter accepts or does not
 * @param recall beside the nearest of the accepted, by brute force
 * @param reached whether that is the target
 * @param machineryP50 the same query and filter where the vectors' reader answers at once
 * @param timesHnsw mean time of hnsw's row by this one's; null without it or its target
 * @param timesHnswIsAtLeast whether hnsw itself did not reach the target
 */
@JsonPropertyOrder({"order", "num_segments", "filter", "share", "accepted", "queries"})
public record FilterRow(
    @JsonProperty("order") String order,
    @JsonProperty("num_segments") int segments,
    @JsonProperty("filter") String filter,
    @JsonProperty("share") double share,
    @JsonProperty("accepted") int accepted,
    @JsonProperty("queries") String queries,
    @JsonProperty("query_count") int queryCount,
    @JsonProperty("system") String system,
    @JsonProperty("setting") String setting,
    @JsonProperty("recall") double recall,
    @JsonProperty("reached") boolean reached,
    @JsonProperty("p50_us") double p50,
    @JsonProperty("p99_us") double p99,
    @JsonProperty("mean_us") double mean,
    @JsonProperty("machinery_p50_us") double machineryP50,
    @JsonProperty("times_hnsw") Double timesHnsw,
    @JsonProperty("times_hnsw_is_at_least") boolean timesHnswIsAtLeast) {}
