// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a commit records beside the frames, in its user data:
 *
 * <pre>
 * ivfpq.store.version   2
 * ivfpq.voice.NAME      {"dims":768,"embedder":"contentvec","source":"logs/anna","date":"2026-11-26T17:00:00Z",
 *                        "muted":["12_3"]}
 * ivfpq.scan.DIMS       {"nprobe":27,"k_factor":10.0,"recall":0.97}
 * </pre>
 *
 * @param voices by speaker; all that have frames
 * @param muted clips whose frames are not found
 * @param scans the defaults of queries, by dimension
 */
record StoreCommit(
    SortedMap<String, VoiceRecord> voices,
    SortedSet<ClipId> muted,
    SortedMap<Integer, ScanDefault> scans) {
  private static final String VERSION_KEY = "ivfpq.store.version";
  private static final String VERSION = "2";
  private static final String VOICE_PREFIX = "ivfpq.voice.";
  private static final String SCAN_PREFIX = "ivfpq.scan.";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** That of a new store. */
  static StoreCommit empty() {
    return new StoreCommit(new TreeMap<>(), new TreeSet<>(), new TreeMap<>());
  }

  /** The dimensions that there are, sorted. */
  SortedSet<Integer> dims() {
    SortedSet<Integer> dims = new TreeSet<>();
    voices.values().forEach(voice -> dims.add(voice.dims()));
    return dims;
  }

  /** Forgets a speaker. */
  void remove(String speaker) {
    voices.remove(speaker);
    muted.removeIf(clip -> clip.speaker().equals(speaker));
  }

  /** As user data. */
  Map<String, String> userData() {
    Map<String, String> userData = new HashMap<>();
    userData.put(VERSION_KEY, VERSION);
    Map<String, ObjectNode> bySpeaker = new HashMap<>();
    voices.forEach((speaker, voice) -> bySpeaker.put(speaker, json(voice)));
    for (ClipId clip : muted) {
      bySpeaker.get(clip.speaker()).withArray("/muted").add(clip.clip());
    }
    bySpeaker.forEach((speaker, json) -> userData.put(VOICE_PREFIX + speaker, json.toString()));
    scans.forEach(
        (dims, scan) ->
            userData.put(
                SCAN_PREFIX + dims,
                JSON.createObjectNode()
                    .put("nprobe", scan.nprobe())
                    .put("k_factor", scan.kFactor())
                    .put("recall", scan.recall())
                    .toString()));
    return userData;
  }

  private static ObjectNode json(VoiceRecord voice) {
    ObjectNode json = JSON.createObjectNode().put("dims", voice.dims());
    voice.embedder().ifPresent(embedder -> json.put("embedder", embedder));
    return json.put("source", voice.source()).put("date", voice.date().toString());
  }

  /**
   * Reads what a commit recorded.
   *
   * @param where the store's folder, for messages
   * @throws StoreException if it is none of a store's, of another version, or damaged
   */
  static StoreCommit of(Map<String, String> userData, Object where) throws StoreException {
    String version = userData.get(VERSION_KEY);
    if (version == null) {
      throw new StoreException(
          where + ": a Lucene index, but not a store of voices; name another folder");
    }
    if (!version.equals(VERSION)) {
      throw new StoreException(
          where
              + ": a store of version "
              + version
              + ", this program reads version "
              + VERSION
              + "; use the program that wrote it");
    }
    StoreCommit commit = empty();
    for (Map.Entry<String, String> entry : userData.entrySet()) {
      try {
        if (entry.getKey().startsWith(VOICE_PREFIX)) {
          commit.readVoice(entry.getKey().substring(VOICE_PREFIX.length()), entry.getValue());
        } else if (entry.getKey().startsWith(SCAN_PREFIX)) {
          commit.readScan(entry.getKey().substring(SCAN_PREFIX.length()), entry.getValue());
        }
      } catch (JsonProcessingException | DateTimeException | IllegalArgumentException e) {
        throw new StoreException(
            where
                + ": the store's commit records "
                + entry.getKey()
                + "="
                + entry.getValue()
                + "; it is damaged, restore it from a copy or add the voices again",
            e);
      }
    }
    return commit;
  }

  private void readVoice(String speaker, String text) throws JsonProcessingException {
    JsonNode json = JSON.readTree(text);
    int dims = json.required("dims").asInt();
    StoreLayout.VECTORS.checkDimensions(dims);
    voices.put(
        speaker,
        new VoiceRecord(
            speaker,
            dims,
            Optional.ofNullable(json.get("embedder")).map(JsonNode::asText),
            json.required("source").asText(),
            Instant.parse(json.required("date").asText())));
    json.path("muted").forEach(clip -> muted.add(new ClipId(speaker, clip.asText())));
  }

  private void readScan(String dims, String text) throws JsonProcessingException {
    JsonNode json = JSON.readTree(text);
    scans.put(
        Integer.valueOf(dims),
        new ScanDefault(
            json.required("nprobe").asInt(),
            (float) json.required("k_factor").asDouble(),
            json.required("recall").asDouble()));
  }
}
