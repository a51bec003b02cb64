// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command on a few thousand vectors. */
class MergeCommandTest {
  private static final int N = 6000;
  private static final int D = 16;

  /** MB of the raw vectors. */
  private static final double RAW_MB = N * D * 4 / (double) (1 << 20);

  @TempDir private Path folder;

  @Test
  void measuresAllPartsAndReports() throws IOException {
    Path base = TestVectors.speakers(folder.resolve("base.fbin"), N, D, 6, 1);
    Path queries = TestVectors.speakers(folder.resolve("queries.fbin"), 40, D, 2, 2);
    Path out = folder.resolve("out");
    List<String> words = new ArrayList<>(List.of("merge", "--base", base.toString()));
    words.addAll(List.of("--queries", queries.toString(), "--out", out.toString()));
    words.addAll(List.of("--systems", "ivfpq,hnsw,flat", "--rounds", "1", "--segments", "4"));
    words.addAll(List.of("--merges", "2", "--searched", "1,3", "--nrt", "--nrt-seconds", "1"));

    assertEquals(0, IvfPqBench.run(words.toArray(String[]::new)));

    JsonNode json = new ObjectMapper().readTree(out.resolve("results.json").toFile());
    assertEquals(N, json.get("base_vectors").asInt());
    checkIndexing(json.get("indexing"));
    checkMerging(json.get("merging"));
    checkSequence(json.get("sequence"));
    checkSearching(json.get("searching"));
    checkNrt(json.get("nrt"));
    for (String name : List.of("indexing", "merging", "sequence", "searching", "nrt")) {
      assertEquals(
          1 + json.get(name).size(), Files.readAllLines(out.resolve(name + ".csv")).size(), name);
    }
    String page = Files.readString(out.resolve("report.html"));
    assertTrue(page.contains("<th>write_amplification</th>"), page);
    assertTrue(page.contains("<td>IvfPqSearcher 16</td>"), page);
    assertFalse(page.matches("(?s).*(src|href)=\"https?:.*"), "nothing is fetched");
    assertFalse(Files.exists(out.resolve("indexes")), "indexes are deleted");
  }

  private static void checkIndexing(JsonNode rows) {
    assertEquals(Set.of("ivfpq", "hnsw", "flat"), values(rows, "system"));
    for (JsonNode row : rows) {
      assertTrue(row.get("failure").isNull(), row::toString);
      assertTrue(row.get("index_mb").asDouble() > RAW_MB, row::toString);
      assertTrue(row.get("write_amplification").asDouble() >= 1, row::toString);
      assertTrue(row.get("force_merge_peak_heap_mb").asDouble() > 0, row::toString);
      assertTrue(row.get("index_cpu_s").asDouble() > 0, row::toString);
      if (row.get("system").asText().equals("hnsw")) {
        assertEquals(1, row.get("times_hnsw_wall").asDouble(), row::toString);
      }
    }
  }

  private static void checkMerging(JsonNode rows) {
    assertEquals(Set.of("ivfpq", "hnsw", "flat"), values(rows, "system"));
    for (JsonNode row : rows) {
      assertEquals(1, row.get("merges").asInt(), () -> "all segments at once: " + row);
      assertTrue(row.get("written_mb").asDouble() > RAW_MB, row::toString);
      if (row.get("system").asText().equals("flat")) {
        assertEquals(0, row.get("beside_raw_mb").asDouble(), row::toString);
        assertEquals(0, row.get("beside_raw_written_mb").asDouble(), row::toString);
        assertEquals(1, row.get("times_flat_wall").asDouble(), row::toString);
      } else {
        assertTrue(row.get("times_copy_bytes").asDouble() >= 1, row::toString);
      }
    }
  }

  private static void checkSequence(JsonNode rows) {
    assertEquals(Set.of("merged", "fresh"), values(rows, "path"));
    for (JsonNode row : rows) {
      assertTrue(row.get("nlist").asInt() > 1, row::toString);
      assertTrue(row.get("recall").asDouble() > .8, row::toString);
      double times = row.get("list_bytes_times_fresh").asDouble();
      assertTrue(times > .5 && times < 2, row::toString);
    }
    assertEquals(1, rows.get(1).get("list_bytes_times_fresh").asDouble(), rows::toString);
  }

  private static void checkSearching(JsonNode rows) {
    Set<String> seen = new HashSet<>();
    for (JsonNode row : rows) {
      int segments = row.get("num_segments").asInt();
      seen.add(row.get("system").asText() + " " + row.get("way").asText() + " " + segments);
      assertEquals(segments == 1, row.get("times_fewest_segments").isNull(), row::toString);
      assertTrue(row.get("machinery_us").asDouble() > 0, row::toString);
      assertTrue(row.get("recall").asDouble() > .8, row::toString);
    }
    Set<String> expected = new HashSet<>();
    for (int segments : new int[] {1, 3}) {
      expected.add("hnsw KnnFloatVectorQuery " + segments);
      expected.add("ivfpq KnnFloatVectorQuery " + segments);
      expected.add("ivfpq IvfPqQuery " + segments);
      for (int queries : new int[] {1, 16, 1000}) {
        expected.add("ivfpq IvfPqSearcher " + queries + " " + segments);
      }
    }
    assertEquals(expected, seen);
  }

  private static void checkNrt(JsonNode rows) {
    assertEquals(Set.of("ivfpq", "hnsw", "flat"), values(rows, "system"));
    for (JsonNode row : rows) {
      assertTrue(row.get("vectors").asInt() > 0, row::toString);
      assertTrue(row.get("queries").asInt() > 0, row::toString);
      assertTrue(row.get("refreshes").asInt() > 0, row::toString);
      assertTrue(row.get("p99_us").asDouble() <= row.get("max_us").asDouble(), row::toString);
      assertTrue(
          row.get("longest_stall_ms").asDouble() * 1e3 >= row.get("max_us").asDouble(),
          row::toString);
    }
  }

  private static Set<String> values(JsonNode rows, String name) {
    Set<String> values = new HashSet<>();
    rows.forEach(row -> values.add(row.get(name).asText()));
    return values;
  }

  @Test
  void measuresOnlyThePartsAskedFor() throws IOException {
    Path base = TestVectors.speakers(folder.resolve("base.fbin"), 500, 4, 1, 1);
    Path out = folder.resolve("out");
    List<String> words = new ArrayList<>(List.of("merge", "--base", base.toString()));
    words.addAll(List.of("--out", out.toString(), "--systems", "flat", "--parts", "indexing"));

    assertEquals(0, IvfPqBench.run(words.toArray(String[]::new)));

    JsonNode json = new ObjectMapper().readTree(out.resolve("results.json").toFile());
    assertEquals(Set.of("flat"), values(json.get("indexing"), "system"));
    assertEquals(0, json.get("merging").size(), json::toString);
    assertEquals(1, Files.readAllLines(out.resolve("merging.csv")).size(), "the head alone");
  }

  @Test
  void wrongUsageIsSaidInASentence() throws IOException {
    assertEquals(
        "ivfpq-bench: merge: segments must be at least 2, got 1; see ivfpq-bench merge --help",
        refusal(2, "--base", "b.npy", "--segments", "1"));
    assertEquals(
        "ivfpq-bench: merge: no system \"seed\"; choose from ivfpq, hnsw, hnsw-sq, flat; see"
            + " ivfpq-bench merge --help",
        refusal(2, "--base", "b.npy", "--systems", "seed"));
    assertEquals(
        "ivfpq-bench: merge: nowhere.npy: no such file; check the path",
        refusal(1, "--base", "nowhere.npy"));
    Path base = TestVectors.speakers(folder.resolve("base.fbin"), 30, 4, 1, 1);
    Path queries = TestVectors.speakers(folder.resolve("queries.fbin"), 30, 5, 1, 1);
    assertEquals(
        "ivfpq-bench: merge: queries have 5 dims, the base has 4; give queries of the same kind",
        refusal(1, "--base", base.toString(), "--queries", queries.toString()));
  }

  private String refusal(int code, String... words) {
    List<String> args = new ArrayList<>(List.of("merge"));
    args.addAll(List.of("--out", folder.resolve("never").toString()));
    args.addAll(List.of(words));
    return TestVectors.lastWords(code, args.toArray(String[]::new));
  }
}
