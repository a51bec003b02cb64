// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ivfpq.rvc.AddSummary;
import dev.ivfpq.rvc.Addition;
import dev.ivfpq.rvc.CheckedFrames;
import dev.ivfpq.rvc.ExistingClips;
import dev.ivfpq.rvc.Progress;
import dev.ivfpq.rvc.RemoteVoices;
import dev.ivfpq.rvc.SearchSettings;
import dev.ivfpq.rvc.StoreException;
import dev.ivfpq.rvc.StoreInfo;
import dev.ivfpq.rvc.VoiceRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Voices in an index of an OpenSearch cluster. Searches answer as those of a store in a folder do;
 * a speaker's frames lie in one shard, so that a search for one speaker asks that alone.
 *
 * <p>A cluster has no transactions. An add writes its frames, deletes those that they replace, and
 * records the voice at last; if it fails before, it takes back what it wrote. While it runs, and
 * where it is killed, a part of its frames may be found already; adding the same again with {@link
 * ExistingClips#REPLACE} mends that. Two programs that change the same voice at a time do not wait
 * for each other.
 */
public final class ClusterStore extends RemoteVoices {
  private static final int PAGE = 1000;
  private static final int STEP = 512;

  private final ClusterAddress address;
  private final ClusterIndex index;
  private final VoiceDocuments voices;
  private boolean made;

  private ClusterStore(ClusterAddress address) {
    this.address = address;
    this.index = new ClusterIndex(ClusterClient.of(address), address.index());
    this.voices = new VoiceDocuments(index);
  }

  /**
   * Opens a store.
   *
   * @throws StoreException if the cluster does not answer, refuses the login, or has no such store
   */
  public static ClusterStore open(ClusterAddress address) throws IOException {
    ClusterStore store = openOrCreate(address);
    if (!store.made) {
      store.close();
      throw store.index.client().failure().noIndex();
    }
    return store;
  }

  /**
   * Opens a store, or an index that becomes one when a voice is added. Makes and writes nothing.
   *
   * @throws StoreException if the cluster does not answer, refuses the login, or the index is not a
   *     store
   */
  public static ClusterStore openOrCreate(ClusterAddress address) throws IOException {
    ClusterStore store = new ClusterStore(address);
    try {
      store.made = store.index.exists();
      if (store.made) {
        store.index.check();
      }
      return store;
    } catch (Throwable t) {
      store.close();
      throw t;
    }
  }

  @Override
  protected String where() {
    return address.toString();
  }

  @Override
  protected SortedMap<String, VoiceRecord> records() throws IOException {
    return made ? voices.all() : new TreeMap<>();
  }

  @Override
  public List<String> clips(String speaker) throws IOException {
    voice(speaker);
    return clipsOf(speaker);
  }

  /** The clips of all frames under this name, sorted, whether a voice is recorded or not. */
  private List<String> clipsOf(String speaker) throws IOException {
    ObjectNode request = ClusterClient.JSON.createObjectNode().put("size", 0);
    request.set("query", ClusterIndex.term(ClusterIndex.SPEAKER, speaker));
    ObjectNode pages = request.withObject("/aggs/clips/composite").put("size", PAGE);
    pages
        .putArray("sources")
        .addObject()
        .putObject("clip")
        .putObject("terms")
        .put("field", ClusterIndex.CLIP);
    List<String> clips = new ArrayList<>();
    while (true) {
      JsonNode found = index.search(request).path("aggregations").path("clips");
      for (JsonNode bucket : found.path("buckets")) {
        clips.add(bucket.path("key").path("clip").asText());
      }
      if (!found.has("after_key")) {
        return clips;
      }
      pages.set("after", found.path("after_key"));
    }
  }

  private long frames(ObjectNode query) throws IOException {
    return index.count(query);
  }

  private static ObjectNode allFrames() {
    ObjectNode query = ClusterClient.JSON.createObjectNode();
    query.putObject("exists").put("field", ClusterIndex.FRAME);
    return query;
  }

  /** What is there; segments are the cluster's business and not listed. */
  @Override
  public StoreInfo info() throws IOException {
    List<StoreInfo.Speaker> speakers = new ArrayList<>();
    for (VoiceRecord voice : records().values()) {
      speakers.add(
          new StoreInfo.Speaker(
              voice,
              clipsOf(voice.speaker()).size(),
              List.of(),
              frames(ClusterIndex.term(ClusterIndex.SPEAKER, voice.speaker()))));
    }
    JsonNode store =
        index.client().get(index.path("_stats/store")).path("_all").path("primaries").path("store");
    return new StoreInfo(
        frames(allFrames()), store.path("size_in_bytes").asLong(), speakers, List.of());
  }

  @Override
  protected List<AddSummary> add(
      List<Addition> additions, ExistingClips existing, Progress progress) throws IOException {
    if (!made) {
      index.create();
      made = true;
    }
    List<AddSummary> added = new ArrayList<>();
    for (Addition addition : additions) {
      int replaced = add(addition, existing, progress);
      added.add(
          new AddSummary(
              addition.speaker(),
              addition.clips().size(),
              replaced,
              addition.frames(),
              addition.dims(),
              frames(allFrames())));
    }
    return added;
  }

  /** Returns how many clips were replaced. */
  private int add(Addition addition, ExistingClips existing, Progress progress) throws IOException {
    String speaker = addition.speaker();
    Optional<VoiceRecord> before =
        existing == ExistingClips.REPLACE_ALL
            ? Optional.empty()
            : Optional.ofNullable(records().get(speaker));
    addition.checkFits(before);
    Set<String> replaced = new HashSet<>(clipsOf(speaker));
    if (existing != ExistingClips.REPLACE_ALL) {
      replaced.retainAll(addition.clips().stream().map(CheckedFrames::name).toList());
    }
    if (existing == ExistingClips.REFUSE && !replaced.isEmpty()) {
      throw addition.alreadyThere(replaced);
    }
    index.addField(addition.dims());
    String id = UUID.randomUUID().toString();
    try {
      write(addition, id, progress);
      progress.begin("building the index", Progress.UNKNOWN);
      index.refresh();
    } catch (Throwable t) {
      takeBack(speaker, id, t);
      throw t;
    }
    deleteReplaced(speaker, List.copyOf(replaced), id);
    voices.put(addition.record(before));
    return replaced.size();
  }

  private void write(Addition addition, String id, Progress progress) throws IOException {
    progress.begin("adding", addition.frames());
    FrameBulk bulk = new FrameBulk(index, addition.speaker(), id);
    int[] added = {0};
    for (CheckedFrames clip : addition.clips()) {
      clip.forEach(
          (number, vector) -> {
            bulk.add(clip.name(), number, vector);
            if (++added[0] % STEP == 0) {
              progress.advance(STEP);
            }
          });
    }
    bulk.flush();
    progress.advance(added[0] % STEP);
  }

  private void takeBack(String speaker, String id, Throwable failure) {
    try {
      index.refresh();
      index.delete(speaker, ClusterIndex.term(ClusterIndex.ADDED, id));
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private void deleteReplaced(String speaker, List<String> clips, String id) throws IOException {
    for (int from = 0; from < clips.size(); from += PAGE) {
      ObjectNode query = ClusterClient.JSON.createObjectNode();
      ObjectNode bool = query.putObject("bool");
      var filter = bool.putArray("filter");
      filter.add(ClusterIndex.term(ClusterIndex.SPEAKER, speaker));
      var names = filter.addObject().putObject("terms").putArray(ClusterIndex.CLIP);
      clips.subList(from, Math.min(clips.size(), from + PAGE)).forEach(names::add);
      bool.set("must_not", ClusterIndex.term(ClusterIndex.ADDED, id));
      index.delete(speaker, query);
    }
  }

  @Override
  public void remove(String speaker, Progress progress) throws IOException {
    voice(speaker);
    progress.begin("removing", Progress.UNKNOWN);
    index.delete(speaker, ClusterIndex.term(ClusterIndex.SPEAKER, speaker));
    voices.remove(speaker);
  }

  @Override
  protected List<List<Found>> find(
      List<float[]> frames, List<VoiceRecord> voices, SearchSettings settings) throws IOException {
    List<String> speakers = voices.stream().map(VoiceRecord::speaker).toList();
    return new FrameQuery(index, speakers, frames.getFirst().length, settings).find(frames);
  }

  @Override
  public void close() throws IOException {
    index.client().close();
  }
}
