// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ivfpq.rvc.StoreException;
import dev.ivfpq.rvc.VoiceRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What is known of the voices, one document each, with the same words as a store in a folder
 * records: <code>{"dims":768,"embedder":"contentvec","source":"logs/anna","date":"..."}</code>.
 */
record VoiceDocuments(ClusterIndex index) {
  private static final int PAGE = 1000;

  /** All of them, by speaker. */
  SortedMap<String, VoiceRecord> all() throws IOException {
    SortedMap<String, VoiceRecord> voices = new TreeMap<>();
    ObjectNode request = ClusterClient.JSON.createObjectNode().put("size", PAGE);
    request.putObject("query").putObject("exists").put("field", ClusterIndex.VOICE_OF);
    request.putArray("sort").add(ClusterIndex.VOICE_OF);
    while (true) {
      JsonNode hits = index.search(request).path("hits").path("hits");
      for (JsonNode hit : hits) {
        VoiceRecord voice = read(hit.path("_source"));
        voices.put(voice.speaker(), voice);
      }
      if (hits.size() < PAGE) {
        return voices;
      }
      request.set("search_after", hits.get(PAGE - 1).path("sort"));
    }
  }

  private VoiceRecord read(JsonNode document) throws IOException {
    String text = document.path(ClusterIndex.VOICE).asText();
    try {
      JsonNode json = ClusterClient.JSON.readTree(text);
      return new VoiceRecord(
          document.required(ClusterIndex.VOICE_OF).asText(),
          json.required("dims").asInt(),
          Optional.ofNullable(json.get("embedder")).map(JsonNode::asText),
          json.required("source").asText(),
          Instant.parse(json.required("date").asText()));
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      throw new StoreException(
          index.name()
              + ": a voice is recorded as "
              + text
              + "; the index is damaged, restore it or add the voice again",
          e);
    }
  }

  void put(VoiceRecord voice) throws IOException {
    ObjectNode json =
        ClusterClient.JSON
            .createObjectNode()
            .put("dims", voice.dims())
            .put("source", voice.source())
            .put("date", voice.date().toString());
    voice.embedder().ifPresent(embedder -> json.put("embedder", embedder));
    ObjectNode document =
        ClusterClient.JSON
            .createObjectNode()
            .put(ClusterIndex.VOICE_OF, voice.speaker())
            .put(ClusterIndex.VOICE, json.toString());
    index
        .client()
        .send(
            "PUT",
            path(voice.speaker()),
            parameters(voice.speaker()),
            ClusterClient.JSON.writeValueAsBytes(document));
  }

  void remove(String speaker) throws IOException {
    index.client().send("DELETE", path(speaker), parameters(speaker), null);
  }

  private static Map<String, String> parameters(String speaker) {
    return Map.of("routing", ClusterIndex.routing(speaker), "refresh", "true");
  }

  /** Ids have at most 512 bytes, names may have more. */
  private String path(String speaker) {
    return index.path(
        "_doc/voice-" + UUID.nameUUIDFromBytes(speaker.getBytes(StandardCharsets.UTF_8)));
  }
}
