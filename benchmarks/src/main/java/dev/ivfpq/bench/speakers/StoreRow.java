// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speakers;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.ivfpq.rvc.StoreInfo;

/**
 * The store at one time.
 *
 * @param when in words
 * @param rawMb the frames as floats
 * @param bytesBesideRaw a frame: model, codes, names, and what deleted frames still take
 */
public record StoreRow(
    @JsonProperty("when") String when,
    @JsonProperty("speakers") int speakers,
    @JsonProperty("frames") long frames,
    @JsonProperty("num_segments") int segments,
    @JsonProperty("store_mb") double storeMb,
    @JsonProperty("raw_mb") double rawMb,
    @JsonProperty("bytes_per_frame_beside_raw") double bytesBesideRaw) {
  private static final double MB = 1 << 20;

  static StoreRow of(String when, StoreInfo info, int dims) {
    long raw = info.frames() * dims * Float.BYTES;
    return new StoreRow(
        when,
        info.speakers().size(),
        info.frames(),
        info.segments().size(),
        info.bytes() / MB,
        raw / MB,
        (double) (info.bytes() - raw) / info.frames());
  }
}
