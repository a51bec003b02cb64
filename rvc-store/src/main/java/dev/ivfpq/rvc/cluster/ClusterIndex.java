// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A store of voices as an OpenSearch index: a document for each frame and one for each voice, a
 * speaker's all in one shard.
 *
 * <pre>
 * speaker     keyword         of a frame: the speaker's name
 * clip        keyword         the clip's name
 * frame       integer         position in the clip, from 0
 * added       keyword         by which add it came; an add that fails takes back what it wrote
 * vector256   ivfpq_vector    the frame; a field for each dimension
 * voice_of    keyword         of a voice: the speaker's name
 * voice       keyword         what is known of the voice, as JSON; see {@link VoiceDocuments}
 * </pre>
 *
 * <p>The mapping's {@code _meta} says that it is a store, and of which version. Shards and copies
 * are the cluster's defaults or those of an index template.
 */
record ClusterIndex(ClusterClient client, String name) {
  static final String SPEAKER = "speaker";
  static final String CLIP = "clip";
  static final String FRAME = "frame";
  static final String ADDED = "added";
  static final String VOICE_OF = "voice_of";
  static final String VOICE = "voice";

  private static final String META = "ivfpq_store";
  private static final String VERSION = "1";

  /** Documents deleted in one request. */
  private static final int PAGE = 5000;

  /** How long the cluster keeps what is still to be deleted, from one request to the next. */
  private static final String SCROLL = "2m";

  private static final String BODY =
      """
      {"settings": {"index.ivfpq": true,
                    "index.replication.type": "SEGMENT",
                    "index.derived_source.enabled": true},
       "mappings": {"dynamic": "strict",
                    "_meta": {"%s": "%s"},
                    "properties": {"speaker": {"type": "keyword"},
                                   "clip": {"type": "keyword"},
                                   "frame": {"type": "integer"},
                                   "added": {"type": "keyword"},
                                   "voice_of": {"type": "keyword"},
                                   "voice": {"type": "keyword", "index": false}}}}
      """
          .formatted(META, VERSION);

  /** The field of the frames of one dimension. */
  static String vectorField(int dims) {
    return "vector" + dims;
  }

  /** What a speaker's documents are routed by; a plain name is its own. */
  static String routing(String speaker) {
    // Commas would separate routings.
    return URLEncoder.encode(speaker, StandardCharsets.UTF_8);
  }

  /** Whether there is such an index. */
  boolean exists() throws IOException {
    return client.exists(path(""));
  }

  /**
   * Looks whether it is a store.
   *
   * @throws dev.ivfpq.rvc.StoreException if it is not, or of another version
   */
  void check() throws IOException {
    JsonNode mapping = client.get(path("_mapping"));
    for (JsonNode index : mapping) {
      JsonNode version = index.path("mappings").path("_meta").path(META);
      if (version.isMissingNode()) {
        throw client.failure().noStore();
      }
      if (!version.asText().equals(VERSION)) {
        throw client.failure().otherVersion(version.asText(), VERSION);
      }
    }
  }

  void create() throws IOException {
    client.put(path(""), ClusterClient.JSON.readTree(BODY));
  }

  /** Adds the field of a dimension where it is not yet there. */
  void addField(int dims) throws IOException {
    ObjectNode body = ClusterClient.JSON.createObjectNode();
    body.withObject("/properties/" + vectorField(dims))
        .put("type", "ivfpq_vector")
        .put("dimension", dims);
    client.put(path("_mapping"), body);
  }

  /** Makes all that was written be found. */
  void refresh() throws IOException {
    client.post(path("_refresh"), MissingNode.getInstance());
  }

  /** A search of this index, complete or not at all. */
  JsonNode search(ObjectNode request) throws IOException {
    JsonNode answer = client.post(path("_search"), request);
    checkComplete(answer);
    return answer;
  }

  /**
   * @throws dev.ivfpq.rvc.StoreException if a shard did not answer
   */
  void checkComplete(JsonNode answer) throws IOException {
    JsonNode shards = answer.path("_shards");
    if (shards.path("successful").asInt() != shards.path("total").asInt()) {
      throw client.failure().incomplete(shards);
    }
  }

  /** Number of documents that a query finds. */
  long count(ObjectNode query) throws IOException {
    JsonNode answer =
        client.post(path("_count"), ClusterClient.JSON.createObjectNode().set("query", query));
    checkComplete(answer);
    return answer.path("count").asLong();
  }

  /**
   * Deletes what a query finds of a speaker, and waits until it is gone. By {@code _bulk}, since
   * {@code _delete_by_query} is a module's, which not every node has.
   */
  void delete(String speaker, ObjectNode query) throws IOException {
    ObjectNode request =
        ClusterClient.JSON.createObjectNode().put("size", PAGE).put("_source", false);
    request.set("query", query);
    request.putArray("sort").add("_doc");
    Map<String, String> parameters = Map.of("routing", routing(speaker), "scroll", SCROLL);
    byte[] body = ClusterClient.JSON.writeValueAsBytes(request);
    JsonNode answer = client.send("POST", path("_search"), parameters, body);
    ObjectNode next = ClusterClient.JSON.createObjectNode().put("scroll", SCROLL);
    next.set("scroll_id", answer.path("_scroll_id"));
    checkComplete(answer);
    while (!answer.path("hits").path("hits").isEmpty()) {
      delete(speaker, answer.path("hits").path("hits"));
      answer = client.post("/_search/scroll", next);
      checkComplete(answer);
    }
    refresh();
  }

  private void delete(String speaker, JsonNode hits) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (JsonNode hit : hits) {
      ObjectNode line = ClusterClient.JSON.createObjectNode();
      line.putObject("delete").set("_id", hit.path("_id"));
      lines.append(line).append('\n');
    }
    bulk(speaker, lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes documents of a speaker.
   *
   * @param lines as {@code _bulk} takes them
   * @throws dev.ivfpq.rvc.StoreException if one of them cannot be written
   */
  void bulk(String speaker, byte[] lines) throws IOException {
    JsonNode answer =
        client.send("POST", path("_bulk"), Map.of("routing", routing(speaker)), lines);
    if (answer.path("errors").asBoolean()) {
      throw client.failure().failed(answer.findValue("error"));
    }
  }

  String path(String what) {
    return "/" + name + (what.isEmpty() ? "" : "/" + what);
  }

  /** A query for one value of a field. */
  static ObjectNode term(String field, String value) {
    ObjectNode query = ClusterClient.JSON.createObjectNode();
    query.putObject("term").put(field, value);
    return query;
  }
}
