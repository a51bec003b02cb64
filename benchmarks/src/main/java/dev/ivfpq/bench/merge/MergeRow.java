// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * Merging equal segments into one; medians of the rounds.
 *
 * @param segments that were merged
 * @param merges it took
 * @param timesFlatWall median of the rounds' ratios to raw vectors alone; null without that system
 * @param besideRawWritten bytes written to the format's own files, temporary ones included
 * @param besideRaw bytes of these files when done
 * @param timesCopyBytes the one by the other
 * @param copyWall copying the merged files beside the raw vectors, no more
 * @param timesCopyWall what the merge took beyond that of raw vectors alone, by that copy
 */
@JsonPropertyOrder({"system", "segments", "merges"})
public record MergeRow(
    @JsonProperty("system") String system,
    @JsonProperty("segments") int segments,
    @JsonProperty("merges") int merges,
    @JsonProperty("wall_s") double wall,
    @JsonProperty("cpu_s") double cpu,
    @JsonProperty("times_flat_wall") Double timesFlatWall,
    @JsonProperty("times_flat_cpu") Double timesFlatCpu,
    @JsonProperty("peak_heap_mb") double peakHeap,
    @JsonProperty("written_mb") double written,
    @JsonProperty("index_mb") double bytes,
    @JsonProperty("beside_raw_written_mb") double besideRawWritten,
    @JsonProperty("beside_raw_mb") double besideRaw,
    @JsonProperty("times_copy_bytes") Double timesCopyBytes,
    @JsonProperty("copy_wall_s") double copyWall,
    @JsonProperty("times_copy_wall") Double timesCopyWall) {}
