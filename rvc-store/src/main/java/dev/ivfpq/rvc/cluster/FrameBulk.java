// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Writes frames of one speaker, a few megabytes a request. Not closed without {@link #flush}. */
final class FrameBulk {
  private static final int REQUEST_BYTES = 4 << 20;

  private final ClusterIndex index;
  private final String speaker;
  private final String added;
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private final JsonGenerator json;

  FrameBulk(ClusterIndex index, String speaker, String added) throws IOException {
    this.index = index;
    this.speaker = speaker;
    this.added = added;
    this.json = ClusterClient.JSON.createGenerator(lines);
    json.setRootValueSeparator(null);
  }

  /** Takes a frame, and sends those so far if they are many. */
  void add(String clip, int number, float[] vector) throws IOException {
    json.writeRaw("{\"index\":{}}\n");
    json.writeStartObject();
    json.writeStringField(ClusterIndex.SPEAKER, speaker);
    json.writeStringField(ClusterIndex.CLIP, clip);
    json.writeNumberField(ClusterIndex.FRAME, number);
    json.writeStringField(ClusterIndex.ADDED, added);
    json.writeArrayFieldStart(ClusterIndex.vectorField(vector.length));
    for (float value : vector) {
      json.writeNumber(value);
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeRaw('\n');
    json.flush();
    if (lines.size() >= REQUEST_BYTES) {
      flush();
    }
  }

  /** Sends what was taken. */
  void flush() throws IOException {
    if (lines.size() == 0) {
      return;
    }
    index.bulk(speaker, lines.toByteArray());
    lines.reset();
  }
}
