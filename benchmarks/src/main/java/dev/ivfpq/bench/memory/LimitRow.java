// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.memory;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * Searches in a process of so much memory.
 *
 * @param limit MB of all memory, heap and page cache included; null where there is no limit
 * @param failure why there are no figures; null if there are
 * @param queries that there was time for
 * @param warmed queries asked beforehand
 * @param faults major faults a query
 * @param cached MB of page cache that the process held at its end
 */
@JsonPropertyOrder({"system", "setting", "limit_mb", "heap", "failure", "recall"})
public record LimitRow(
    @JsonProperty("system") String system,
    @JsonProperty("setting") String setting,
    @JsonProperty("limit_mb") Double limit,
    @JsonProperty("heap") String heap,
    @JsonProperty("failure") String failure,
    @JsonProperty("recall") Double recall,
    @JsonProperty("p50_us") Double p50,
    @JsonProperty("p99_us") Double p99,
    @JsonProperty("mean_us") Double mean,
    @JsonProperty("queries") Integer queries,
    @JsonProperty("warmed") Integer warmed,
    @JsonProperty("faults_a_query") Double faults,
    @JsonProperty("page_cache_mb") Double cached) {}
