// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.demo;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What the demo did and measured.
 *
 * @param voices number of voices indexed
 * @param vectors number of frames indexed
 * @param dims their dimension
 * @param query the held-out clip that was searched with and converted
 * @param querySpeaker who speaks it
 * @param queryFrames its length
 * @param ownShare share of its neighbours, among all voices, that are of its own speaker
 * @param target the voice it was converted to
 * @param output where the result was written
 * @param timedFrames how many frames, of other speakers than the target, were timed
 * @param recallAt8 share of the eight true neighbours in the target voice that were found
 * @param usPerFrame microseconds a frame, one thread, through Lucene's stock query
 * @param hnswUsPerFrame the same for Lucene's HNSW
 * @param hnswRecallAt8 its recall at that setting
 * @param hnswM its graph's M
 * @param hnswQueue how many neighbours it was asked for
 */
public record DemoReport(
    int voices,
    long vectors,
    int dims,
    String query,
    String querySpeaker,
    int queryFrames,
    double ownShare,
    String target,
    String output,
    int timedFrames,
    @JsonProperty("recall_at_8") double recallAt8,
    double usPerFrame,
    double hnswUsPerFrame,
    @JsonProperty("hnsw_recall_at_8") double hnswRecallAt8,
    @JsonProperty("hnsw_m") int hnswM,
    int hnswQueue) {}
