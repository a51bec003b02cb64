// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ivfpq.opensearch.Voices.Frame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** An index of frames on a cluster: field {@code frame} and keyword {@code speaker}. */
record VoicesIndex(Rest rest, String name) {
  /** What makes a search exact: all lists of all segments, everything re-ranked. */
  static final String EVERYTHING = ",\"nprobe\":1000000,\"k_factor\":1000000";

  /** A document's id with its score. */
  record Hit(String id, double score) {}

  /**
   * Makes the index.
   *
   * @param settings further index settings, each with a comma before it
   */
  static VoicesIndex create(Rest rest, String name, int shards, String settings)
      throws IOException {
    rest.put("/" + name, body(shards, settings, "\"type\":\"ivfpq_vector\",\"dimension\":256"));
    return new VoicesIndex(rest, name);
  }

  /** The request that makes an index whose field {@code frame} has these parameters. */
  static String body(int shards, String settings, String frame) {
    return """
    {"settings": {"index.ivfpq": true, "index.number_of_shards": %d,
                  "index.unassigned.node_left.delayed_timeout": "0"%s},
     "mappings": {"properties": {"speaker": {"type": "keyword"}, "frame": {%s}}}}
    """
        .formatted(shards, settings, frame);
  }

  void add(List<Frame> frames) throws IOException {
    for (int from = 0; from < frames.size(); from += 1000) {
      StringBuilder lines = new StringBuilder();
      for (Frame frame : frames.subList(from, Math.min(frames.size(), from + 1000))) {
        lines.append("{\"index\":{\"_id\":\"").append(frame.id()).append("\"}}\n");
        lines.append(frame.json()).append('\n');
      }
      rest.post("/" + name + "/_bulk", lines.toString());
    }
    refresh();
  }

  void refresh() throws IOException {
    rest.post("/" + name + "/_refresh", null);
  }

  void mergeToOneSegment() throws IOException {
    rest.post("/" + name + "/_forcemerge?max_num_segments=1", null);
    refresh();
  }

  static String query(float[] vector, int k, String more) {
    return "{\"ivfpq\":{\"field\":\"frame\",\"vector\":"
        + Json.array(vector)
        + ",\"k\":"
        + k
        + more
        + "}}";
  }

  static String request(String query, int size) {
    return "{\"_source\":[\"speaker\"],\"size\":" + size + ",\"query\":" + query + "}";
  }

  /** The hits of a query, on the primaries, of all shards. */
  List<Hit> search(String query, int size) throws IOException {
    return search(query, size, "preference=_primary");
  }

  List<Hit> search(String query, int size, String parameters) throws IOException {
    try {
      return hits(rest.post("/" + name + "/_search?" + parameters, request(query, size)));
    } catch (IOException e) {
      String why = "h=shard,prirep,state,node,unassigned.reason,unassigned.details&format=json";
      throw new IOException(
          e.getMessage() + "; " + rest.get("/_cat/shards/" + name + "?" + why), e);
    }
  }

  /** The k nearest of all, exactly. */
  List<Hit> exact(float[] vector, int k) throws IOException {
    return search(query(vector, k, EVERYTHING), k);
  }

  static List<Hit> hits(JsonNode answer) throws IOException {
    // A shard without a copy to ask is no failure to OpenSearch.
    JsonNode shards = answer.get("_shards");
    if (shards.get("successful").intValue() != shards.get("total").intValue()) {
      throw new IOException("not all shards answered: " + shards);
    }
    List<Hit> hits = new ArrayList<>();
    for (JsonNode hit : answer.get("hits").get("hits")) {
      hits.add(new Hit(hit.get("_id").textValue(), hit.get("_score").doubleValue()));
    }
    return hits;
  }

  static List<String> ids(List<Hit> hits) {
    return hits.stream().map(Hit::id).toList();
  }
}
