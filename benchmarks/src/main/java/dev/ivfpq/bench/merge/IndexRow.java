// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * Indexing with Lucene's default merges, and forceMerge(1) after it.
 *
 * @param failure why there are no figures; null as a rule
 * @param mergeThreads most that the scheduler has at work at a time, beside the one that adds
 * @param indexWall from the first document to commit
 * @param mergeWall forceMerge(1), after the merges that were still going on
 * @param timesHnswWall hnsw's time for both by this one's
 * @param mergePeakHeap the most in use during forceMerge(1), garbage included
 * @param mergeHeapAfterCollection the most that a collection left in that time; null without one
 * @param written all bytes ever written, temporary and compound files included
 */
@JsonPropertyOrder({"system", "failure", "vectors"})
public record IndexRow(
    @JsonProperty("system") String system,
    @JsonProperty("failure") String failure,
    @JsonProperty("vectors") int vectors,
    @JsonProperty("merge_threads") int mergeThreads,
    @JsonProperty("buffer_mb") double bufferMb,
    @JsonProperty("max_heap_mb") double maxHeap,
    @JsonProperty("index_wall_s") Double indexWall,
    @JsonProperty("index_cpu_s") Double indexCpu,
    @JsonProperty("force_merge_wall_s") Double mergeWall,
    @JsonProperty("force_merge_cpu_s") Double mergeCpu,
    @JsonProperty("times_hnsw_wall") Double timesHnswWall,
    @JsonProperty("times_hnsw_cpu") Double timesHnswCpu,
    @JsonProperty("index_peak_heap_mb") Double indexPeakHeap,
    @JsonProperty("force_merge_heap_before_mb") Double mergeHeapBefore,
    @JsonProperty("force_merge_peak_heap_mb") Double mergePeakHeap,
    @JsonProperty("force_merge_heap_after_gc_mb") Double mergeHeapAfterCollection,
    @JsonProperty("merges") int merges,
    @JsonProperty("written_mb") double written,
    @JsonProperty("index_mb") Double bytes,
    @JsonProperty("write_amplification") Double writeAmplification) {

  /** The same beside hnsw's row; null or a failed one leaves it alone. */
  IndexRow beside(IndexRow hnsw) {
    if (hnsw == null || hnsw.failure != null || failure != null) {
      return this;
    }
    return new IndexRow(
        system,
        failure,
        vectors,
        mergeThreads,
        bufferMb,
        maxHeap,
        indexWall,
        indexCpu,
        mergeWall,
        mergeCpu,
        (hnsw.indexWall + hnsw.mergeWall) / (indexWall + mergeWall),
        (hnsw.indexCpu + hnsw.mergeCpu) / (indexCpu + mergeCpu),
        indexPeakHeap,
        mergeHeapBefore,
        mergePeakHeap,
        mergeHeapAfterCollection,
        merges,
        written,
        bytes,
        writeAmplification);
  }
}
