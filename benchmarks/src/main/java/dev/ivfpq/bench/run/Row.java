// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.IOException;

/**
 * One line of results: a system at its best setting for a target, or, without a target, at no
 * setting at all. luceneutil's columns keep luceneutil's names.
 *
 * @param target recall asked for; null in a row of default settings
 * @param reached whether {@code recall} is at least that; else this is the system's best recall
 * @param timesHnsw queries a second by those of hnsw's row; null without such a row, or where the
 *     target is not reached
 * @param timesHnswIsAtLeast whether hnsw itself did not reach the target
 */
@JsonPropertyOrder({"system", "target", "reached", "recall", "setting"})
public record Row(
    @JsonProperty("system") String system,
    @JsonProperty("target") Double target,
    @JsonProperty("reached") boolean reached,
    @JsonProperty("recall") double recall,
    @JsonProperty("setting") String setting,
    @JsonProperty("p50_us") double p50,
    @JsonProperty("p99_us") double p99,
    @JsonProperty("qps") double qps,
    @JsonProperty("times_hnsw") Double timesHnsw,
    @JsonProperty("times_hnsw_is_at_least") boolean timesHnswIsAtLeast,
    @JsonProperty("netCPU_us") double netCpu,
    @JsonProperty("queries_a_round") int queries,
    @JsonProperty("nDoc") int nDoc,
    @JsonProperty("topK") int topK,
    @JsonProperty("fanout") Integer fanout,
    @JsonProperty("nprobe") Integer nprobe,
    @JsonProperty("k_factor") Float kFactor,
    @JsonProperty("visited") double visited,
    @JsonProperty("index_s") double indexSeconds,
    @JsonProperty("force_merge_s") double forceMergeSeconds,
    @JsonProperty("num_segments") int segments,
    @JsonProperty("index_size_mb") double indexSize,
    @JsonProperty("vec_disk_mb") double vectorsOnDisk,
    @JsonProperty("vec_RAM_mb") double vectorsInMemory,
    @JsonProperty("bytes_per_vector_beside_raw") double bytesBesideRaw,
    @JsonProperty("index_type") String indexType) {
  private static final double MB = 1 << 20;

  /**
   * @param hnsw what this row is compared with; null without it
   * @param visited mean number of vectors a query visited
   */
  static Row of(
      BenchSystem system, Double target, Result result, Result hnsw, double visited, int k)
      throws IOException {
    BuiltIndex index = result.trial().contender().index();
    Setting setting = result.trial().contender().setting();
    Timing timing = result.timing();
    boolean lists = setting.nprobe() > 0;
    boolean graph = setting.queue() > k;
    boolean reached = target == null || result.reaches(target);
    boolean compared = hnsw != null && reached;
    return new Row(
        system.toString(),
        target,
        reached,
        result.trial().recall(),
        result.trial().contender().words(),
        timing.p50(),
        timing.p99(),
        1e6 / timing.mean(),
        compared ? hnsw.timing().mean() / timing.mean() : null,
        compared && !hnsw.reaches(target),
        timing.cpu(),
        timing.queries(),
        index.size(),
        k,
        graph ? setting.queue() - k : null,
        lists ? setting.nprobe() : null,
        lists ? setting.kFactor() : null,
        visited,
        index.indexSeconds(),
        index.forceMergeSeconds(),
        index.segments(),
        index.bytes() / MB,
        index.vectorBytesOnDisk() / MB,
        index.vectorBytesInMemory() / MB,
        index.bytesPerVectorBesideRaw(),
        index.kind().name());
  }
}
