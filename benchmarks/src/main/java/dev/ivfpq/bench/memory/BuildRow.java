// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.memory;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * How an index came about.
 *
 * @param cached MB of page cache that the process had filled at its end
 */
@JsonPropertyOrder({"system", "vectors", "dims"})
public record BuildRow(
    @JsonProperty("system") String system,
    @JsonProperty("vectors") int vectors,
    @JsonProperty("dims") int dims,
    @JsonProperty("index_s") double index,
    @JsonProperty("force_merge_s") double forceMerge,
    @JsonProperty("heap") String heap,
    @JsonProperty("peak_heap_mb") double peakHeap,
    @JsonProperty("page_cache_mb") double cached,
    @JsonProperty("index_mb") double bytes) {}
