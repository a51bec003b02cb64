// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ivfpq.opensearch.demo.SampleVoices.Frame;
import java.io.IOException;
import java.util.List;
import java.util.StringJoiner;

/** Index {@code voices}, seen through one node: all frames of a speaker in one shard. */
record VoicesIndex(Rest rest) {
  private static final int BULK = 500;
  private static final String ROUTING = "routing=" + SampleVoices.TARGET;

  void create() throws IOException, InterruptedException {
    rest.put(
        "/voices",
        """
        {
          "settings": {
            "index.ivfpq": true,
            "index.number_of_shards": 2,
            "index.number_of_replicas": 1,
            "index.replication.type": "SEGMENT",
            "index.derived_source.enabled": true,
            "index.unassigned.node_left.delayed_timeout": "0"
          },
          "mappings": {
            "properties": {
              "speaker": {"type": "keyword"},
              "frame": {"type": "ivfpq_vector", "dimension": 256}
            }
          }
        }
        """);
  }

  void add(SampleVoices voices) throws IOException, InterruptedException {
    List<Frame> frames = voices.frames();
    for (int from = 0; from < frames.size(); from += BULK) {
      StringBuilder lines = new StringBuilder();
      for (Frame frame : frames.subList(from, Math.min(frames.size(), from + BULK))) {
        lines.append(
            "{\"index\":{\"_id\":\"%s\",\"routing\":\"%s\"}}%n"
                .formatted(frame.id(), frame.speaker()));
        lines.append(
            "{\"speaker\":\"%s\",\"frame\":%s}%n".formatted(frame.speaker(), json(frame.vector())));
      }
      rest.post("/voices/_bulk", lines.toString());
    }
    rest.post("/voices/_refresh", "");
    rest.post("/voices/_forcemerge?max_num_segments=1", "");
    rest.post("/voices/_refresh", "");
  }

  private static String json(float[] vector) {
    StringJoiner json = new StringJoiner(",", "[", "]");
    for (float value : vector) {
      json.add(Float.toString(value));
    }
    return json.toString();
  }

  /** Waits at most a minute for the colour, and for all copies that can be to be there. */
  void awaitStatus(String status) throws IOException, InterruptedException {
    JsonNode health =
        rest.get(
            "/_cluster/health/voices?timeout=60s&wait_for_no_initializing_shards=true"
                + "&wait_for_status="
                + status);
    if (health.get("timed_out").booleanValue()) {
      throw new IOException("index voices is not " + status + " after 60 seconds: " + health);
    }
  }

  /** Colour, nodes and copies of shards. */
  String state() throws IOException, InterruptedException {
    JsonNode health = rest.get("/_cluster/health/voices");
    int active = health.get("active_shards").intValue();
    return "%s, %d node%s, %d of %d copies"
        .formatted(
            health.get("status").textValue(),
            health.get("number_of_nodes").intValue(),
            health.get("number_of_nodes").intValue() == 1 ? "" : "s",
            active,
            active + health.get("unassigned_shards").intValue());
  }

  private static String request(float[] vector, int k, String more) {
    return """
    {"size": %d, "_source": false, "query": {"ivfpq": {"field": "frame", "k": %d, \
    "vector": %s%s}}\
    """
        .formatted(k, k, json(vector), more);
  }

  private static String ofTarget(float[] vector, int k) {
    String filter = ", \"filter\": {\"term\": {\"speaker\": \"" + SampleVoices.TARGET + "\"}}";
    return request(vector, k, filter) + "}";
  }

  JsonNode search(float[] vector, int k) throws IOException, InterruptedException {
    return rest.post("/voices/_search?" + ROUTING, ofTarget(vector, k));
  }

  /**
   * The shard's answer with where its time went, without the filter: a filter is rewritten while
   * the query is, and OpenSearch's profile then takes the time since the machine's start.
   */
  JsonNode profile(float[] vector, int k) throws IOException, InterruptedException {
    return rest.post("/voices/_search?" + ROUTING, request(vector, k, "") + ", \"profile\": true}");
  }

  /** All frames of a clip in one request; the answers in their order. */
  JsonNode searchAll(List<float[]> clip, int k) throws IOException, InterruptedException {
    StringBuilder lines = new StringBuilder();
    for (float[] frame : clip) {
      lines.append("{\"index\":\"voices\",\"routing\":\"" + SampleVoices.TARGET + "\"}\n");
      lines.append(ofTarget(frame, k)).append('\n');
    }
    return rest.post("/_msearch", lines.toString()).get("responses");
  }
}
