// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * One segment with all vectors, by the way it came about.
 *
 * @param path merged: forceMerge(1) each time that some segments were added; fresh: all raw vectors
 *     at once, nothing known before
 * @param recall of the default; null without queries
 * @param listBytes of the lists' file, padding of blocks included
 * @param timesFresh these by those of the fresh segment: above 1 is emptier blocks, if M is equal;
 *     null without lists
 */
@JsonPropertyOrder({"path", "merges"})
public record SequenceRow(
    @JsonProperty("path") String path,
    @JsonProperty("merges") int merges,
    @JsonProperty("nlist") int nlist,
    @JsonProperty("M") int M,
    @JsonProperty("recall") Double recall,
    @JsonProperty("list_mb") double listBytes,
    @JsonProperty("list_bytes_times_fresh") Double timesFresh,
    @JsonProperty("beside_raw_mb") double besideRaw) {}
