// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.ivfpq.IvfPqSearchParameters;
import dev.ivfpq.rvc.Neighbour;
import dev.ivfpq.rvc.RemoteVoices.Found;
import dev.ivfpq.rvc.SearchSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Asks for the neighbours of frames, many in one {@code _msearch}. Vectors come with the hits,
 * since distances are computed from them: a score is rounded. The whole {@code _source} is taken,
 * as the cluster would read and write all of it again to leave out what little there is else.
 *
 * @param speakers whose frames are looked at; none for all
 */
record FrameQuery(ClusterIndex index, List<String> speakers, int dims, SearchSettings settings) {
  /** Most frames in a request. */
  private static final int FRAMES = 64;

  /** Most numbers in an answer, some ten bytes each. */
  private static final int NUMBERS = 1 << 20;

  /** For each frame its neighbours, nearest first. */
  List<List<Found>> find(List<float[]> frames) throws IOException {
    int step = Math.clamp(NUMBERS / ((long) settings.k() * dims), 1, FRAMES);
    List<List<Found>> found = new ArrayList<>(frames.size());
    for (int from = 0; from < frames.size(); from += step) {
      found.addAll(findTogether(frames.subList(from, Math.min(frames.size(), from + step))));
    }
    return found;
  }

  private List<List<Found>> findTogether(List<float[]> frames) throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    try (JsonGenerator json = ClusterClient.JSON.createGenerator(lines)) {
      json.setRootValueSeparator(null);
      for (float[] frame : frames) {
        header(json);
        json.writeRaw('\n');
        body(json, frame);
        json.writeRaw('\n');
      }
    }
    JsonNode answers =
        index
            .client()
            .send("POST", index.path("_msearch"), Map.of(), lines.toByteArray())
            .path("responses");
    List<List<Found>> found = new ArrayList<>(frames.size());
    for (int i = 0; i < frames.size(); i++) {
      JsonNode answer = answers.path(i);
      if (answer.has("error")) {
        throw index.client().failure().failed(answer.path("error"));
      }
      index.checkComplete(answer);
      found.add(found(answer.path("hits").path("hits"), frames.get(i)));
    }
    return found;
  }

  private void header(JsonGenerator json) throws IOException {
    json.writeStartObject();
    if (!speakers.isEmpty()) {
      json.writeStringField(
          "routing", speakers.stream().map(ClusterIndex::routing).collect(Collectors.joining(",")));
    }
    json.writeEndObject();
  }

  private void body(JsonGenerator json, float[] frame) throws IOException {
    json.writeStartObject();
    json.writeNumberField("size", settings.k());
    json.writeBooleanField("track_total_hits", false);
    json.writeObjectFieldStart("query");
    json.writeObjectFieldStart("ivfpq");
    json.writeStringField("field", ClusterIndex.vectorField(dims));
    json.writeArrayFieldStart("vector");
    for (float value : frame) {
      json.writeNumber(value);
    }
    json.writeEndArray();
    json.writeNumberField("k", settings.k());
    effort(json, settings.scan());
    if (!speakers.isEmpty()) {
      json.writeObjectFieldStart("filter");
      json.writeObjectFieldStart("terms");
      json.writeArrayFieldStart(ClusterIndex.SPEAKER);
      for (String speaker : speakers) {
        json.writeString(speaker);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void effort(JsonGenerator json, IvfPqSearchParameters scan) throws IOException {
    if (scan.nprobe() > 0) {
      json.writeNumberField("nprobe", scan.nprobe());
    }
    if (scan.kFactor() > 0) {
      json.writeNumberField("k_factor", scan.kFactor());
    }
    if (scan.targetRecall() > 0) {
      json.writeNumberField("target_recall", scan.targetRecall());
    }
  }

  private List<Found> found(JsonNode hits, float[] frame) {
    List<Found> found = new ArrayList<>(hits.size());
    for (JsonNode hit : hits) {
      JsonNode source = hit.path("_source");
      float[] vector = vector(source.path(ClusterIndex.vectorField(dims)));
      found.add(
          new Found(
              new Neighbour(
                  source.path(ClusterIndex.SPEAKER).asText(),
                  source.path(ClusterIndex.CLIP).asText(),
                  source.path(ClusterIndex.FRAME).asInt(),
                  Neighbour.distance(frame, vector)),
              vector));
    }
    found.sort(Comparator.comparingDouble(f -> f.neighbour().distance()));
    return found;
  }

  private float[] vector(JsonNode values) {
    float[] vector = new float[dims];
    for (int j = 0; j < dims; j++) {
      vector[j] = values.path(j).floatValue();
    }
    return vector;
  }
}
