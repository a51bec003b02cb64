// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;

/** What building one index took, whether or not a query of it made the table. */
public record Build(
    @JsonProperty("system") String system,
    @JsonProperty("index_type") String indexType,
    @JsonProperty("num_segments") int segments,
    @JsonProperty("index_s") double indexSeconds,
    @JsonProperty("force_merge_s") double forceMergeSeconds,
    @JsonProperty("bytes_per_vector_beside_raw") double bytesBesideRaw) {

  static Build of(BenchSystem system, BuiltIndex index) throws IOException {
    return new Build(
        system.toString(),
        index.kind().name(),
        index.segments(),
        index.indexSeconds(),
        index.forceMergeSeconds(),
        index.bytesPerVectorBesideRaw());
  }
}
