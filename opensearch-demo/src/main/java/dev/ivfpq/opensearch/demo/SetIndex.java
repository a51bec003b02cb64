// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * Vectors alone, in one segment of one shard; ids are their places.
 *
 * @param name the index's
 * @param type the mapping of field {@code v}
 * @param settings further index settings, each with a comma behind it
 */
record SetIndex(Rest rest, String name, String type, String settings) {
  private static final int BULK = 500;

  /** An index of the plugin's field type. */
  static SetIndex ivfpq(Rest rest, int dims) {
    return new SetIndex(
        rest,
        "ivfpq",
        "{\"type\": \"ivfpq_vector\", \"dimension\": " + dims + "}",
        "\"index.ivfpq\": true,");
  }

  /** An index of Lucene's own format. */
  static SetIndex hnsw(Rest rest) {
    return new SetIndex(rest, "hnsw", "{\"type\": \"hnsw_vector\"}", "");
  }

  void build(float[][] vectors) throws IOException, InterruptedException {
    rest.put(
        "/" + name,
        """
        {"settings": {%s "index.number_of_shards": 1, "index.number_of_replicas": 0,
                      "index.refresh_interval": "-1"},
         "mappings": {"_source": {"enabled": false}, "properties": {"v": %s}}}
        """
            .formatted(settings, type));
    for (int from = 0; from < vectors.length; from += BULK) {
      StringBuilder lines = new StringBuilder();
      for (int i = from; i < Math.min(vectors.length, from + BULK); i++) {
        lines.append("{\"index\":{\"_id\":\"").append(i).append("\"}}\n{\"v\":");
        lines.append(json(vectors[i])).append("}\n");
      }
      rest.post("/" + name + "/_bulk?filter_path=errors,items.*.error", lines.toString());
    }
    rest.post("/" + name + "/_forcemerge?max_num_segments=1", "");
    rest.post("/" + name + "/_refresh", "");
  }

  static String json(float[] vector) {
    StringJoiner json = new StringJoiner(",", "[", "]");
    for (float value : vector) {
      json.add(Float.toString(value));
    }
    return json.toString();
  }

  /** A query's JSON. */
  String query(float[] vector, String more) {
    return "{\"" + name + "\":{\"field\":\"v\",\"vector\":" + json(vector) + more + "}}";
  }

  static String request(String query, int k, String more) {
    return "{\"size\":" + k + ",\"_source\":false,\"query\":" + query + more + "}";
  }

  JsonNode search(String request) throws IOException, InterruptedException {
    return rest.post("/" + name + "/_search", request);
  }

  /** All of them in one request. */
  JsonNode searchTogether(List<String> requests) throws IOException, InterruptedException {
    return rest.post("/" + name + "/_msearch", "{}\n" + String.join("\n{}\n", requests) + "\n")
        .get("responses");
  }

  /** The places of an answer's hits. */
  static List<Integer> places(JsonNode answer) {
    List<Integer> places = new ArrayList<>();
    answer.get("hits").get("hits").forEach(hit -> places.add(hit.get("_id").asInt()));
    return places;
  }
}
