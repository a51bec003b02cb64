// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ivfpq.opensearch.Rest.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opensearch.Version;
import org.opensearch.cluster.metadata.IndexMetadata;
import org.opensearch.common.settings.Settings;
import org.opensearch.index.IndexSettings;

/** What is refused, with status 400 and one sentence that says what is wrong. */
final class BadRequestTest {
  @TempDir static Path folder;
  private static Cluster cluster;
  private static Rest rest;

  @BeforeAll
  static void start() throws Exception {
    cluster = Cluster.start(folder, 1);
    rest = cluster.node(0);
    rest.put("/good", index("'type':'ivfpq_vector','dimension':3"));
    rest.put("/good/_doc/1?refresh=true", json("{'frame':[1,2,3],'speaker':'anna'}"));
  }

  @AfterAll
  static void stop() throws IOException {
    cluster.close();
  }

  private static String json(String quotedOnce) {
    return quotedOnce.replace('\'', '"');
  }

  private static String index(String frame) {
    return VoicesIndex.body(1, ",\"index.number_of_replicas\":0", json(frame));
  }

  private static void assertRefused(Answer answer, String sentence) {
    assertEquals(400, answer.status(), answer::toString);
    List<JsonNode> reasons = answer.body().findValues("reason");
    assertTrue(
        reasons.stream().anyMatch(reason -> reason.asText().equals(sentence)),
        () -> "wanted: " + sentence + "\ngot: " + answer.body().toPrettyString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'type':'ivfpq_vector' | field [frame] of type [ivfpq_vector] needs the parameter"
            + " [dimension]",
        "'type':'ivfpq_vector','dimension':0 | field [frame] of type [ivfpq_vector]: d must be in"
            + " [1, 4096], got d=0",
        "'type':'ivfpq_vector','dimension':5000 | field [frame] of type [ivfpq_vector]: d must be"
            + " in [1, 4096], got d=5000",
        "'type':'ivfpq_vector','dimension':'x' | [dimension] of field [frame] must be a whole"
            + " number, got [x]",
        "'type':'ivfpq_vector','dimension':3,'similarity':'l3' | Unknown value [l3] for field"
            + " [similarity] - accepted values are [euclidean, dot_product, cosine,"
            + " maximum_inner_product]",
        "'type':'ivfpq_vector','dimension':3,'nlist':3 | unknown parameter [nlist] on mapper"
            + " [frame] of type [ivfpq_vector]",
        "'type':'ivfpq_vector','dimension':3,'copy_to':'x' | field [frame] of type [ivfpq_vector]"
            + " cannot have [copy_to]; send the vector in both fields",
        "'type':'ivfpq_vector','dimension':3,'fields':{'x':{'type':'keyword'}} | field [frame] of"
            + " type [ivfpq_vector] cannot be or have a multi-field; map it as a field of its own",
        "'type':'keyword','fields':{'x':{'type':'ivfpq_vector','dimension':3}} | field [x] of type"
            + " [ivfpq_vector] cannot be or have a multi-field; map it as a field of its own",
      })
  void mappings(String frame, String sentence) throws IOException {
    Answer answer = rest.send("PUT", "/bad", index(frame));
    assertEquals(400, answer.status(), answer::toString);
    assertTrue(answer.body().toString().contains(sentence), answer::toString);
  }

  @Test
  void factoryThatDoesNotFitTheDimension() throws IOException {
    Answer answer =
        rest.send(
            "PUT",
            "/bad",
            index("'type':'ivfpq_vector','dimension':100,'factory':'IVF64,PQ48x4fs,RFlat'"));
    assertEquals(400, answer.status());
    assertTrue(answer.body().toString().contains("field [frame] of type [ivfpq_vector]: "));
    assertTrue(answer.body().toString().contains("48"), answer::toString);
  }

  @Test
  void factoryThatIsNone() throws IOException {
    Answer answer =
        rest.send("PUT", "/bad", index("'type':'ivfpq_vector','dimension':8,'factory':'HNSW32'"));
    assertEquals(400, answer.status());
    assertTrue(answer.body().toString().contains("HNSW32"), answer::toString);
  }

  @Test
  void fieldWithoutTheIndexSetting() throws IOException {
    assertRefused(
        rest.send(
            "PUT",
            "/bad",
            json("{'mappings':{'properties':{'v':{'type':'ivfpq_vector','dimension':3}}}}")),
        "Failed to parse mapping [_doc]: field [v] of type [ivfpq_vector] needs an index made with"
            + " [index.ivfpq] set to true");
  }

  @Test
  void codecThatIsNotLucenes() throws IOException {
    assertRefused(
        rest.send(
            "PUT",
            "/bad",
            VoicesIndex.body(
                1,
                ",\"index.codec\":\"lucene_default\"",
                json("'type':'ivfpq_vector','dimension':3"))),
        "[index.codec] must be one of [default, lz4, best_compression, zlib] where [index.ivfpq]"
            + " is true, got [lucene_default]");
  }

  @Test
  void dimensionIsFixed() throws IOException {
    Answer answer =
        rest.send(
            "PUT",
            "/good/_mapping",
            json("{'properties':{'frame':{'type':'ivfpq_vector','dimension':4}}}"));
    assertEquals(400, answer.status());
    assertTrue(
        answer.body().toString().contains("Cannot update parameter [dimension] from [3] to [4]"),
        answer::toString);
  }

  @Test
  void bestCompressionIsTaken() throws IOException {
    rest.put(
        "/small",
        VoicesIndex.body(
            1,
            ",\"index.codec\":\"best_compression\",\"index.number_of_replicas\":0",
            json("'type':'ivfpq_vector','dimension':3")));
    rest.put("/small/_doc/1?refresh=true", json("{'frame':[1,2,3]}"));
    rest.post("/small/_flush", null);
    assertEquals(
        java.util.Set.of("Lucene104 IvfPq1"), ShardFiles.formats(cluster.shard(0, "small", 0)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1,2] | field [frame] takes vectors of 3 dimensions, got 2",
        "[1,2,3,4] | field [frame] takes vectors of 3 dimensions, got 4",
        "[] | field [frame] takes vectors of 3 dimensions, got 0",
        "[1,2,'NaN'] | field [frame] takes an array of numbers, got [NaN] at position 2",
        "[1,1e39,2] | field [frame] takes finite numbers, got 1e39 at position 1",
        "[1,null,2] | field [frame] takes an array of numbers, got null at position 1",
        "[[1,2,3],[1,2,3]] | field [frame] takes an array of numbers, got an array at position 0",
        "'abc' | field [frame] takes an array of numbers, got [abc]",
        "7 | field [frame] takes an array of numbers, got [7]",
        "{'x':1} | field [frame] takes an array of numbers, got an object",
      })
  void documents(String frame, String sentence) throws IOException {
    Answer answer = rest.send("PUT", "/good/_doc/2", json("{'frame':" + frame + "}"));
    assertRefused(answer, sentence);
    assertEquals(404, rest.send("GET", "/good/_doc/2", null).status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'field':'frame','vector':[1,2],'k':1 | field [frame] holds vectors of 3 dimensions, the"
            + " query's has 2",
        "'field':'frame','vector':[],'k':1 | [ivfpq] takes a [vector] of numbers, got []",
        "'field':'frame','vector':[1,2,'NaN'],'k':1 | [ivfpq] [vector] takes an array of numbers,"
            + " got [NaN] at position 2",
        "'field':'frame','vector':[1,2,-1e39],'k':1 | [ivfpq] [vector] takes finite numbers, got"
            + " -1e39 at position 2",
        "'field':'frame','vector':5,'k':1 | [ivfpq] [vector] takes an array of numbers, got [5]",
        "'field':'frame','vector':[1,2,3],'k':0 | [ivfpq] takes a [k] in [1, 10000], got [0]",
        "'field':'frame','vector':[1,2,3],'k':-1 | [ivfpq] takes a [k] in [1, 10000], got [-1]",
        "'field':'frame','vector':[1,2,3],'k':2000000000 | [ivfpq] takes a [k] in [1, 10000], got"
            + " [2000000000]",
        "'field':'frame','vector':[1,2,3],'k':99999999999 | [ivfpq] [k] takes a whole number of at"
            + " most 2147483647, got [99999999999]",
        "'field':'frame','vector':[1,2,3],'k':1.5 | [ivfpq] [k] takes a whole number of at most"
            + " 2147483647, got [1.5]",
        "'field':'frame','vector':[1,2,3] | [ivfpq] needs [k]",
        "'field':'frame','k':1 | [ivfpq] needs [vector]",
        "'vector':[1,2,3],'k':1 | [ivfpq] needs [field]",
        "'field':'frame','vector':[1,2,3],'k':1,'nprobe':0 | [ivfpq] [nprobe]: nprobe must be at"
            + " least 1, got nprobe=0",
        "'field':'frame','vector':[1,2,3],'k':1,'k_factor':0.5 | [ivfpq] [k_factor]: kFactor must"
            + " be in [1, 1e6], got kFactor=0.5",
        "'field':'frame','vector':[1,2,3],'k':1,'target_recall':1 | [ivfpq] [target_recall]:"
            + " targetRecall must be in (0, .99], got targetRecall=1.0; for more recall set nprobe"
            + " and kFactor",
        "'field':'frame','vector':[1,2,3],'k':1,'ef':5 | [ivfpq] has no parameter [ef]; it takes"
            + " field, vector, k, filter, nprobe, k_factor, target_recall, boost, _name",
        "'field':'frame','vector':[1,2,3],'k':1,'filter':[] | [ivfpq] [filter] takes one query, as"
            + " an object",
        "'field':'speaker','vector':[1,2,3],'k':1 | [ivfpq] searches fields of type [ivfpq_vector],"
            + " field [speaker] is of type [keyword]",
        "'field':'nothing','vector':[1,2,3],'k':1 | [ivfpq] searches fields of type [ivfpq_vector],"
            + " field [nothing] is not mapped",
      })
  void queries(String parameters, String sentence) throws IOException {
    assertRefused(
        rest.send("POST", "/good/_search", json("{'query':{'ivfpq':{" + parameters + "}}}")),
        sentence);
  }

  @Test
  void termsOfAVectorField() throws IOException {
    assertRefused(
        rest.send("POST", "/good/_search", json("{'query':{'term':{'frame':1}}}")),
        "field [frame] of type [ivfpq_vector] holds vectors, not terms; search it with [ivfpq]");
  }

  @Test
  void bothPluginsOnOneIndex() {
    IndexMetadata metadata =
        IndexMetadata.builder("both")
            .settings(
                Settings.builder()
                    .put(IndexMetadata.SETTING_VERSION_CREATED, Version.CURRENT)
                    .put("index.number_of_shards", 1)
                    .put("index.number_of_replicas", 0)
                    .put("index.ivfpq", true)
                    .put("index.knn", true))
            .build();
    IndexSettings settings = new IndexSettings(metadata, Settings.EMPTY);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new IvfPqPlugin().getCustomCodecServiceFactory(settings));
    assertEquals(
        "[index.ivfpq] and [index.knn] cannot both be true, an index has one codec; use one index"
            + " for each",
        refused.getMessage());
  }

  @Test
  void theGoodOneAnswers() throws IOException {
    JsonNode answer =
        rest.post(
            "/good/_search",
            json(
                "{'query':{'ivfpq':{'field':'frame','vector':[1,2,3],'k':10000,"
                    + "'_name':'mine'}}}"));
    JsonNode hit = answer.get("hits").get("hits").get(0);
    assertEquals("1", hit.get("_id").textValue());
    assertEquals(1, hit.get("_score").doubleValue());
    assertEquals("mine", hit.get("matched_queries").get(0).textValue());
  }
}
