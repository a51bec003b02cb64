// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.memory;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What an index took.
 *
 * @param vectors number of
 * @param dims of each
 * @param index seconds from addDocument to commit, one thread
 * @param forceMerge seconds of forceMerge(1), one thread
 * @param peakHeap MB in use at most, garbage included
 * @param bytes of all files
 */
record BuildFigures(
    @JsonProperty("vectors") int vectors,
    @JsonProperty("dims") int dims,
    @JsonProperty("index_s") double index,
    @JsonProperty("force_merge_s") double forceMerge,
    @JsonProperty("peak_heap_mb") double peakHeap,
    @JsonProperty("bytes") long bytes) {}
