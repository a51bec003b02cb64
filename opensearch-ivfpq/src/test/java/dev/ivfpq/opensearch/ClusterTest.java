// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import static dev.ivfpq.opensearch.VoicesIndex.EVERYTHING;
import static dev.ivfpq.opensearch.VoicesIndex.ids;
import static dev.ivfpq.opensearch.VoicesIndex.query;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ivfpq.IvfPqFieldStats;
import dev.ivfpq.opensearch.Voices.Frame;
import dev.ivfpq.opensearch.VoicesIndex.Hit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index's life on three nodes, held against brute force and a local index. */
final class ClusterTest {
  private static final String SEGMENT =
      ",\"index.number_of_replicas\":1,\"index.replication.type\":\"SEGMENT\"";
  private static final String NO_REPLICAS = ",\"index.number_of_replicas\":0";
  private static final String DERIVED = ",\"index.derived_source.enabled\":true";

  @TempDir static Path folder;
  private static Cluster cluster;
  private static Voices samples;
  private static List<float[]> queries;
  private static VoicesIndex voices;

  @BeforeAll
  static void start() throws Exception {
    cluster = Cluster.start(folder, 3);
    samples = Voices.samples();
    queries = Voices.queries(30);
    voices = VoicesIndex.create(cluster.node(0), "voices", 3, SEGMENT);
    voices.add(samples.frames());
    voices.mergeToOneSegment();
  }

  @AfterAll
  static void stop() throws IOException {
    cluster.close();
  }

  @Test
  void fullProbeOfThreeShardsEqualsALocalIndex() throws Exception {
    try (LocalIndex local = LocalIndex.of(samples.frames())) {
      for (float[] query : queries) {
        List<Hit> expected = local.exact(query, 20);
        List<Hit> actual = voices.exact(query, 20);
        assertEquals(ids(expected), ids(actual));
        for (int i = 0; i < expected.size(); i++) {
          // Lucene adds a row's squares in another order when it scores several rows at once.
          double score = expected.get(i).score();
          assertEquals(score, actual.get(i).score(), 1e-6 * score);
        }
      }
    }
  }

  @Test
  void fullProbeEqualsBruteForce() throws IOException {
    for (float[] query : queries) {
      assertEquals(samples.nearest(query, 10, frame -> true), ids(voices.exact(query, 10)));
    }
  }

  @Test
  void shardsHaveListsAndDefaultsFindThem() throws IOException {
    long found = 0;
    long narrow = 0;
    for (float[] query : queries) {
      Set<String> truth = new HashSet<>(samples.nearest(query, 10, frame -> true));
      found +=
          truth.stream().filter(ids(voices.search(query(query, 10, ""), 10))::contains).count();
      String least = ",\"nprobe\":1,\"k_factor\":1";
      narrow +=
          truth.stream().filter(ids(voices.search(query(query, 10, least), 10))::contains).count();
    }
    double recall = found / (10.0 * queries.size());
    double narrowRecall = narrow / (10.0 * queries.size());
    System.out.printf(
        "3 shards, %d queries: recall@10 %.3f at defaults, %.3f at nprobe 1, k_factor 1%n",
        queries.size(), recall, narrowRecall);
    assertTrue(recall >= .95, "recall@10 at defaults is " + recall);
    // One list finds clearly less: the parameters arrive, and there are lists to choose from.
    assertTrue(narrowRecall < recall - .1, "recall@10 at nprobe 1 is " + narrowRecall);
  }

  @Test
  void filterIsAppliedInTheSearch() throws IOException {
    String filter = ",\"filter\":{\"term\":{\"speaker\":\"rms\"}}";
    for (float[] query : queries) {
      assertEquals(
          samples.nearest(query, 10, frame -> frame.speaker().equals("rms")),
          ids(voices.search(query(query, 10, filter + EVERYTHING), 10)));
    }
  }

  @Test
  void filterThatMatchesNothingFindsNothing() throws IOException {
    String filter = ",\"filter\":{\"term\":{\"speaker\":\"nobody\"}}";
    assertEquals(List.of(), voices.search(query(queries.get(0), 10, filter), 10));
  }

  @Test
  void boolAroundTheQueryDropsHitsAfterTheSearch() throws IOException {
    float[] query = queries.get(0);
    List<Hit> alone = voices.search(query(query, 10, ""), 30);
    String bool =
        "{\"bool\":{\"must\":["
            + query(query, 10, "")
            + "],\"filter\":[{\"term\":{\"speaker\":\"awb\"}}]}}";
    List<Hit> expected = alone.stream().filter(hit -> hit.id().startsWith("awb-")).toList();
    assertFalse(expected.isEmpty());
    assertNotEquals(alone, expected);
    assertSameHits(expected, voices.search(bool, 30));
  }

  @Test
  void eachShardGivesItsOwnHits() throws IOException {
    assertEquals(3 * 4, voices.search(query(queries.get(0), 4, ""), 100).size());
  }

  @Test
  void msearchGivesEachQueryItsOwnAnswer() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (float[] query : queries) {
      lines.append("{\"index\":\"voices\",\"preference\":\"_primary\"}\n");
      lines.append(VoicesIndex.request(query(query, 10, ""), 10)).append('\n');
    }
    JsonNode responses = voices.rest().post("/_msearch", lines.toString()).get("responses");
    assertEquals(queries.size(), responses.size());
    for (int i = 0; i < queries.size(); i++) {
      assertSameHits(
          voices.search(query(queries.get(i), 10, ""), 10), VoicesIndex.hits(responses.get(i)));
    }
  }

  @Test
  void boostMultipliesScores() throws IOException {
    List<Hit> plain = voices.search(query(queries.get(0), 5, ""), 5);
    List<Hit> boosted = voices.search(query(queries.get(0), 5, ",\"boost\":2"), 5);
    assertEquals(ids(plain), ids(boosted));
    assertEquals(2 * plain.get(0).score(), boosted.get(0).score(), 1e-6);
  }

  @Test
  void routingBySpeakerSearchesOneShard() throws IOException {
    VoicesIndex routed = VoicesIndex.create(cluster.node(1), "routed", 3, NO_REPLICAS);
    StringBuilder lines = new StringBuilder();
    Voices few = samples.first(50);
    for (Frame frame : few.frames()) {
      lines
          .append("{\"index\":{\"_id\":\"" + frame.id() + "\",\"routing\":\"")
          .append(frame.speaker() + "\"}}\n" + frame.json() + "\n");
    }
    routed.rest().post("/routed/_bulk?refresh=true", lines.toString());
    float[] query = queries.get(3);
    String filter = ",\"filter\":{\"term\":{\"speaker\":\"slt\"}}";
    JsonNode answer =
        routed
            .rest()
            .post("/routed/_search?routing=slt", VoicesIndex.request(query(query, 10, filter), 10));
    assertEquals(1, answer.get("_shards").get("total").intValue());
    assertEquals(
        few.nearest(query, 10, frame -> frame.speaker().equals("slt")),
        ids(VoicesIndex.hits(answer)));
  }

  @Test
  void updatesAndDeletesAreSeen() throws IOException {
    VoicesIndex changing = VoicesIndex.create(cluster.node(2), "changing", 2, NO_REPLICAS);
    Voices few = samples.first(300);
    changing.add(few.frames());
    float[] query = queries.get(5);
    List<String> before = few.nearest(query, 4, frame -> true);
    assertEquals(before, ids(changing.exact(query, 4)));

    // The second goes away; the first becomes the query's opposite, the farthest of all.
    float[] far = query.clone();
    for (int i = 0; i < far.length; i++) {
      far[i] = -10 * query[i];
    }
    changing.rest().delete("/changing/_doc/" + before.get(1));
    changing
        .rest()
        .put(
            "/changing/_doc/" + before.get(0),
            "{\"speaker\":\"moved\",\"frame\":" + Json.array(far) + "}");
    changing.refresh();
    List<String> gone = before.subList(0, 2);
    List<String> after = few.nearest(query, 10, frame -> !gone.contains(frame.id()));
    assertEquals(after, ids(changing.exact(query, 10)));
    assertEquals(before.get(0), changing.exact(far, 1).get(0).id());

    // The moved one keeps its vector when another field changes.
    changing.rest().post("/changing/_update/" + before.get(0), "{\"doc\":{\"speaker\":\"back\"}}");
    changing.mergeToOneSegment();
    assertEquals(after, ids(changing.exact(query, 10)));
    assertEquals(before.get(0), changing.exact(far, 1).get(0).id());
    JsonNode segments = changing.rest().get("/changing/_segments").findValue("segments");
    assertEquals(1, segments.size(), segments::toString);
  }

  @Test
  void segmentsOfAShardAreSearchedTogether() throws IOException {
    VoicesIndex many = VoicesIndex.create(cluster.node(0), "many", 1, NO_REPLICAS);
    List<Frame> frames = samples.frames();
    for (int from = 0; from < 5000; from += 1000) {
      many.add(frames.subList(from, from + 1000));
    }
    String gone = frames.get(4000).id();
    many.rest().delete("/many/_doc/" + gone);
    many.refresh();
    JsonNode segments = many.rest().get("/many/_segments").findValue("segments");
    assertTrue(segments.size() >= 5, segments::toString);
    Voices left =
        new Voices(
            frames.subList(0, 5000).stream().filter(frame -> !frame.id().equals(gone)).toList());
    String speaker = frames.get(2500).speaker();
    String filter = ",\"filter\":{\"term\":{\"speaker\":\"" + speaker + "\"}}";
    for (float[] query : queries) {
      assertEquals(left.nearest(query, 10, frame -> true), ids(many.exact(query, 10)));
      assertEquals(
          left.nearest(query, 10, frame -> frame.speaker().equals(speaker)),
          ids(many.search(query(query, 10, filter + EVERYTHING), 10)));
    }
    assertEquals(10, many.search(query(queries.get(0), 10, ""), 100).size());
  }

  @Test
  void sourceIsDerivedFromTheStoredVectors() throws IOException {
    VoicesIndex derived = VoicesIndex.create(cluster.node(0), "derived", 1, NO_REPLICAS + DERIVED);
    VoicesIndex stored = VoicesIndex.create(cluster.node(0), "stored", 1, NO_REPLICAS);
    Voices few = samples.first(200);
    derived.add(few.frames());
    stored.add(few.frames());
    Frame frame = few.frames().get(77);
    assertSource(derived, frame.id(), frame.speaker(), frame.vector());

    // Not yet refreshed, from the translog; then by a partial update, which needs the vector.
    Frame other = new Frame("new", "anna", samples.frames().get(5000).vector());
    derived.rest().put("/derived/_doc/new", other.json());
    assertSource(derived, "new", "anna", other.vector());
    derived.rest().post("/derived/_update/new", "{\"doc\":{\"speaker\":\"ben\"}}");
    derived.mergeToOneSegment();
    stored.mergeToOneSegment();
    assertSource(derived, "new", "ben", other.vector());
    assertEquals("new", derived.exact(other.vector(), 1).get(0).id());

    long without = bytes(derived);
    long with = bytes(stored);
    System.out.printf("1200 frames: %d bytes with _source, %d with it derived%n", with, without);
    assertTrue(without < .8 * with, without + " bytes derived, " + with + " stored");
  }

  private static long bytes(VoicesIndex index) throws IOException {
    index.rest().post("/" + index.name() + "/_flush", null);
    return index
        .rest()
        .get("/" + index.name() + "/_stats/store")
        .findValue("size_in_bytes")
        .longValue();
  }

  /** How Lucene sums up a score, and so its last bits, depends on where a segment's file lies. */
  private static void assertSameHits(List<VoicesIndex.Hit> expected, List<VoicesIndex.Hit> actual) {
    assertEquals(ids(expected), ids(actual));
    for (int i = 0; i < expected.size(); i++) {
      double score = expected.get(i).score();
      assertEquals(score, actual.get(i).score(), 1e-5 * score);
    }
  }

  private static void assertSource(VoicesIndex index, String id, String speaker, float[] vector)
      throws IOException {
    JsonNode source = index.rest().get("/" + index.name() + "/_doc/" + id).get("_source");
    assertEquals(speaker, source.get("speaker").textValue());
    float[] read = new float[source.get("frame").size()];
    for (int i = 0; i < read.length; i++) {
      read[i] = source.get("frame").get(i).floatValue();
    }
    assertArrayEquals(vector, read);
  }

  @Test
  void snapshotIsRestoredWithTheSameAnswers() throws IOException {
    Rest rest = cluster.node(1);
    rest.put(
        "/_snapshot/kept",
        "{\"type\":\"fs\",\"settings\":{\"location\":\"" + cluster.repositories() + "\"}}");
    rest.put("/_snapshot/kept/one?wait_for_completion=true", "{\"indices\":\"voices\"}");
    JsonNode restored =
        rest.post(
            "/_snapshot/kept/one/_restore?wait_for_completion=true",
            "{\"indices\":\"voices\",\"rename_pattern\":\"(.+)\","
                + "\"rename_replacement\":\"restored\"}");
    assertEquals(0, restored.get("snapshot").get("shards").get("failed").intValue());
    cluster.awaitGreen("restored");
    VoicesIndex copy = new VoicesIndex(rest, "restored");
    for (float[] query : queries) {
      assertSameHits(
          voices.search(query(query, 10, ""), 10), copy.search(query(query, 10, ""), 10));
    }
  }

  @Test
  void segmentReplicationWritesEachSegmentOnce() throws Exception {
    indexTwoCopies("replicated", "SEGMENT");
    // The replica commits in its own time.
    Await.equal(1, () -> new HashSet<>(segmentsOfBothCopies("replicated")).size());
    // With document replication each copy writes, and trains, its own.
    indexTwoCopies("indexed-twice", "DOCUMENT");
    List<Set<String>> copies = segmentsOfBothCopies("indexed-twice");
    Set<String> shared = new HashSet<>(copies.get(0));
    shared.retainAll(copies.get(1));
    assertEquals(Set.of(), shared);
  }

  private static void indexTwoCopies(String name, String replication) throws Exception {
    VoicesIndex index =
        VoicesIndex.create(
            cluster.node(0),
            name,
            1,
            ",\"index.number_of_replicas\":1,\"index.replication.type\":\"" + replication + "\"");
    cluster.awaitGreen(name);
    List<Frame> frames = samples.frames();
    index.add(frames.subList(0, 1500));
    index.add(frames.subList(1500, 3000));
    index.rest().delete("/" + name + "/_doc/" + frames.get(7).id());
    index.mergeToOneSegment();
    index.rest().post("/" + name + "/_flush", null);

    // Both copies answer alike, without the deleted one.
    float[] deleted = frames.get(7).vector();
    Voices left = new Voices(frames.subList(0, 3000));
    List<String> expected =
        left.nearest(deleted, 10, frame -> !frame.id().equals(frames.get(7).id()));
    for (String copy : List.of("_primary", "_replica")) {
      String query = query(deleted, 10, EVERYTHING);
      Await.equal(expected, () -> ids(index.search(query, 10, "preference=" + copy)));
    }
  }

  /** The committed segments' random ids, which they get from the writer, by copy. */
  private static List<Set<String>> segmentsOfBothCopies(String name) throws IOException {
    List<Set<String>> copies = new ArrayList<>();
    for (int node = 0; node < 3; node++) {
      Path shard = cluster.shard(node, name, 0);
      if (shard.toFile().exists()) {
        copies.add(ShardFiles.segmentIds(shard));
      }
    }
    assertEquals(2, copies.size());
    assertFalse(copies.get(0).isEmpty());
    return copies;
  }

  @Test
  void plainLuceneFindsACopiedShardClean(@TempDir Path copies) throws Exception {
    voices.rest().post("/voices/_flush", null);
    int checked = 0;
    for (int node = 0; node < 3; node++) {
      Path shard = cluster.shard(node, "voices", 0);
      if (shard.toFile().exists()) {
        Path copy = ShardFiles.copy(shard, copies.resolve("copy" + node));
        assertEquals(Set.of("Lucene104 IvfPq1"), ShardFiles.formats(copy));
        String said = ShardFiles.check(copy);
        assertTrue(said.contains("No problems were detected with this index."), said);
        checked++;
      }
    }
    assertEquals(2, checked);
  }

  @Test
  void similaritiesAreLucenes() throws IOException {
    Rest rest = cluster.node(0);
    float[] stored = {.6f, .8f};
    float[] query = {-.28f, .96f};
    for (VectorSimilarityFunction similarity : VectorSimilarityFunction.values()) {
      String name = similarity.name().toLowerCase(Locale.ROOT);
      rest.put(
          "/" + name,
          VoicesIndex.body(
              1,
              NO_REPLICAS,
              "\"type\":\"ivfpq_vector\",\"dimension\":2,\"similarity\":\"" + name + "\""));
      rest.put("/" + name + "/_doc/1?refresh=true", "{\"frame\":" + Json.array(stored) + "}");
      Hit hit = new VoicesIndex(rest, name).search(query(query, 1, ""), 1).get(0);
      assertEquals(similarity.compare(stored, query), hit.score(), 1e-6, name);
    }
  }

  @Test
  void factoryBuildsTheSegments() throws IOException {
    String factory = "IVF16,PQ64x4fs,RFlat";
    VoicesIndex built = new VoicesIndex(cluster.node(0), "built");
    built
        .rest()
        .put(
            "/built",
            VoicesIndex.body(
                1,
                NO_REPLICAS,
                "\"type\":\"ivfpq_vector\",\"dimension\":256,\"factory\":\"" + factory + "\""));
    built.add(samples.frames().subList(0, 2000));
    built.mergeToOneSegment();
    built.rest().post("/built/_flush", null);
    IvfPqFieldStats stats = ShardFiles.stats(ShardFiles.of(cluster, "built"));
    assertEquals(factory, stats.factory());
    assertEquals(16, stats.nlist());
    assertEquals(64, stats.M());
    float[] query = queries.get(1);
    Voices few = new Voices(samples.frames().subList(0, 2000));
    assertEquals(few.nearest(query, 10, frame -> true), ids(built.exact(query, 10)));
  }

  @Test
  void nestedVectorsAreHitsOfTheirParents() throws IOException {
    Rest rest = cluster.node(0);
    rest.put(
        "/nested",
        """
        {"settings": {"index.ivfpq": true, "index.number_of_shards": 1,
                      "index.number_of_replicas": 0},
         "mappings": {"properties": {"says": {"type": "nested", "properties": {
             "frame": {"type": "ivfpq_vector", "dimension": 2}}}}}}
        """);
    rest.put(
        "/nested/_doc/near", "{\"says\":[{\"frame\":[0,1]},{\"frame\":[0,2]},{\"frame\":[9,9]}]}");
    rest.put("/nested/_doc/far?refresh=true", "{\"says\":[{\"frame\":[0,5]}]}");
    String inner = "{\"ivfpq\":{\"field\":\"says.frame\",\"vector\":[0,0],\"k\":%d}}";
    String outer = "{\"nested\":{\"path\":\"says\",\"query\":" + inner + "}}";
    VoicesIndex nested = new VoicesIndex(rest, "nested");
    // k is of the nested: the two nearest have one parent.
    assertEquals(List.of("near"), ids(nested.search(outer.formatted(2), 10)));
    assertEquals(List.of("near", "far"), ids(nested.search(outer.formatted(3), 10)));
  }

  @Test
  void fieldExistsAndIsNotForTerms() throws IOException {
    JsonNode count =
        voices.rest().post("/voices/_count", "{\"query\":{\"exists\":{\"field\":\"frame\"}}}");
    assertEquals(samples.frames().size(), count.get("count").intValue());
    JsonNode field = voices.rest().get("/voices/_mapping").findValue("frame");
    assertEquals("ivfpq_vector", field.get("type").textValue());
    assertEquals(256, field.get("dimension").intValue());
  }
}
