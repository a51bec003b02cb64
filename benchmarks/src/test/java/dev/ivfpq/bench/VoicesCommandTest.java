// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command on a voice of a few thousand frames. */
class VoicesCommandTest {
  private static final int N = 3000;
  private static final int DIMS = 32;
  private static final String NO_PYTHON = "no-such-python";

  @TempDir private Path folder;

  private List<JsonNode> rows(String python) throws IOException {
    Path base = TestVectors.speakers(folder.resolve("base.fbin"), N, DIMS, 6, 1);
    Path queries = TestVectors.speakers(folder.resolve("queries.fbin"), 90, DIMS, 3, 2);
    Path out = folder.resolve("out");
    String words =
        "voices --base %s --queries %s --out %s --clip 150 --rounds 2 --seconds .01 --target .92 --python %s"
            .formatted(base, queries, out, python);
    assertEquals(0, IvfPqBench.run(words.split(" ")));
    JsonNode json = new ObjectMapper().readTree(out.resolve("results.json").toFile());
    assertEquals(N, json.get("base_vectors").intValue());
    assertEquals(DIMS, json.get("dims").intValue());
    List<JsonNode> rows = new ArrayList<>();
    json.get("results").forEach(rows::add);
    assertEquals(1 + rows.size(), Files.readAllLines(out.resolve("results.csv")).size());
    assertTrue(Files.readString(out.resolve("report.html")).contains("<th>block_p99_us</th>"));
    assertFalse(Files.exists(out.resolve("work")), "indexes are deleted");
    for (JsonNode row : rows) {
      assertEquals(8, row.get("topK").intValue(), row::toString);
      assertEquals(16, row.get("block_frames").intValue(), row::toString);
      double median = row.get("block_p50_us").doubleValue();
      assertTrue(median > 0 && median <= row.get("block_p99_us").doubleValue(), row::toString);
      assertTrue(row.get("blocks_a_round").intValue() >= 30, row::toString);
      assertTrue(row.get("clip_us_a_frame").doubleValue() > 0, row::toString);
      assertEquals(
          median / rows.getFirst().get("block_p50_us").doubleValue(),
          row.get("times_ivfpq_block").doubleValue(),
          1e-9,
          row::toString);
    }
    return rows;
  }

  private static String system(JsonNode row) {
    return row.get("system").textValue();
  }

  private static double recall(JsonNode row) {
    return row.get("recall").doubleValue();
  }

  @Test
  void comparesTheStoreWithLucene() throws IOException {
    List<JsonNode> rows = rows(NO_PYTHON);
    assertEquals(
        List.of("ivfpq", "ivfpq", "flat", "hnsw"),
        rows.stream().map(VoicesCommandTest::system).toList());
    JsonNode plain = rows.get(0);
    assertEquals("no parameter", plain.get("setting").textValue());
    assertTrue(recall(plain) > .8, plain::toString);
    JsonNode tuned = rows.get(1);
    assertTrue(
        tuned.get("setting").textValue().matches("tuned: nprobe=\\d+ k_factor=[0-9.]+"),
        tuned::toString);
    assertTrue(recall(tuned) >= .92, "found with the same queries: " + tuned);
    assertEquals(1, recall(rows.get(2)), "every distance is computed");
    assertTrue(recall(rows.get(3)) >= recall(plain), rows::toString);
    if (Files.exists(Path.of("/proc/self/status"))) {
      double mb = plain.get("resident_mb").doubleValue();
      assertTrue(mb > 20 && mb < 500, plain::toString);
    }
    assertTrue(tuned.get("resident_mb").isNull(), tuned::toString);
  }

  @Test
  void comparesTheStoreWithFaiss() throws IOException {
    String python = "/usr/bin/python3";
    assumeTrue(hasFaiss(python), python + " has no faiss: no comparison with it");
    List<JsonNode> rows = rows(NO_PYTHON + "," + python);
    assertEquals(
        List.of("ivfpq", "ivfpq", "flat", "hnsw", "faiss", "faiss"),
        rows.stream().map(VoicesCommandTest::system).toList());
    JsonNode one = rows.get(4);
    // RVC's rule: 16 sqrt(n) lists, but none of less than 39 frames.
    assertTrue(one.get("setting").textValue().startsWith("IVF76,Flat nprobe=1, "), one::toString);
    assertTrue(recall(one) < .9, "frames lie around 6 centres: " + one);
    JsonNode equal = rows.get(5);
    assertTrue(recall(equal) >= recall(rows.get(0)), equal::toString);
    if (Files.exists(Path.of("/proc/self/status"))) {
      assertTrue(equal.get("resident_mb").doubleValue() > 1, equal::toString);
    }
  }

  private static boolean hasFaiss(String python) throws IOException {
    if (!Files.isExecutable(Path.of(python))) {
      return false;
    }
    try {
      return new ProcessBuilder(python, "-c", "import faiss")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void wrongUsageIsSaidInASentence() throws IOException {
    assertEquals(
        "ivfpq-bench: voices: block must be at least 1, got 0; see ivfpq-bench voices --help",
        refusal(2, "b", "--block 0"));
    assertEquals(
        "ivfpq-bench: voices: target must be in (0, 1], got 95.0; see ivfpq-bench voices --help",
        refusal(2, "b", "--target 95"));
    Path base = TestVectors.speakers(folder.resolve("base.fbin"), 31, 4, 1, 1);
    assertEquals(
        "ivfpq-bench: voices: 31 queries are less than two blocks of 16 frames; give more queries"
            + " or a smaller block",
        refusal(1, base.toString(), "--block 16"));
    assertEquals(
        "ivfpq-bench: voices: k=40 neighbours of 31 vectors; give a smaller k",
        refusal(1, base.toString(), "--k 40"));
  }

  private String refusal(int code, String file, String options) {
    String words =
        "voices --base %s --queries %s --out %s %s"
            .formatted(file, file, folder.resolve("never"), options);
    return TestVectors.lastWords(code, words.split(" "));
  }
}
