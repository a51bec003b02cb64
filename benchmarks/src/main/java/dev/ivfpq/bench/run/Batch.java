// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The direct call with many queries at a time, beside the same call with one.
 *
 * @param target of the row whose setting it is; null for the default
 * @param queries in one call
 * @param micros wall time a query: median over the rounds
 * @param timesOne throughput by that of one query a call, median of the rounds' ratios
 * @param differing queries whose hits were others than alone
 */
public record Batch(
    @JsonProperty("system") String system,
    @JsonProperty("target") Double target,
    @JsonProperty("num_segments") int segments,
    @JsonProperty("setting") String setting,
    @JsonProperty("queries_a_call") int queries,
    @JsonProperty("mean_us") double micros,
    @JsonProperty("times_one_a_call") double timesOne,
    @JsonProperty("differing") int differing) {}
