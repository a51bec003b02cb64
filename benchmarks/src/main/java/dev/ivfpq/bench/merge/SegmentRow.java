// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * A system's searches of one number of segments.
 *
 * @param way what is called: Lucene's own query, this format's, or its call and queries in one
 * @param target recall; null for the default
 * @param mean microseconds a query
 * @param timesFewest by the same with the fewest segments; null for those
 * @param timesHnsw hnsw's mean time at the same target and segments by this one's
 * @param machinery mean microseconds of Lucene's query where the vectors' reader answers at once
 */
@JsonPropertyOrder({"system", "way", "target", "num_segments"})
public record SegmentRow(
    @JsonProperty("system") String system,
    @JsonProperty("way") String way,
    @JsonProperty("target") Double target,
    @JsonProperty("num_segments") int segments,
    @JsonProperty("setting") String setting,
    @JsonProperty("recall") double recall,
    @JsonProperty("reached") boolean reached,
    @JsonProperty("mean_us") double mean,
    @JsonProperty("p50_us") Double p50,
    @JsonProperty("p99_us") Double p99,
    @JsonProperty("times_fewest_segments") Double timesFewest,
    @JsonProperty("times_hnsw") Double timesHnsw,
    @JsonProperty("machinery_us") Double machinery) {}
