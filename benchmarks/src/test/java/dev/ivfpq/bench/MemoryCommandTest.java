// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ivfpq.bench.memory.MemoryLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command on a few thousand vectors. */
class MemoryCommandTest {
  private static final int N = 3000;

  @TempDir private Path folder;

  @Test
  void searchesWithLessAndLessMemory() throws Exception {
    String missing = MemoryLimits.whyNot();
    assumeTrue(missing.isEmpty(), missing);
    Path base = TestVectors.speakers(folder.resolve("base.fbin"), N, 16, 6, 1);
    Path queries = TestVectors.speakers(folder.resolve("queries.fbin"), 40, 16, 2, 2);
    Path out = folder.resolve("out");
    String[] words = {
      "memory",
      "--base",
      base.toString(),
      "--queries",
      queries.toString(),
      "--out",
      out.toString(),
      "--limits",
      "256m,8m",
      "--heap",
      "64m",
      "--index-heap",
      "256m",
      "--seconds",
      "0.1",
      "--target",
      "0.5",
      "--systems",
      "ivfpq,hnsw"
    };

    assertEquals(0, IvfPqBench.run(words));

    JsonNode json = new ObjectMapper().readTree(out.resolve("results.json").toFile());
    assertEquals(2, json.get("building").size());
    assertEquals(N, json.get("building").get(0).get("vectors").intValue());
    long indexed = Files.getLastModifiedTime(out.resolve("indexes/ivfpq.json")).toMillis();
    JsonNode rows = json.get("memory");
    assertEquals(4, rows.size());
    for (int i = 0; i < rows.size(); i++) {
      JsonNode row = rows.get(i);
      assertEquals(i < 2 ? "ivfpq" : "hnsw", row.get("system").textValue());
      if (i % 2 == 1) {
        // No JVM fits into that.
        assertTrue(row.get("failure").textValue().contains("killed"), row.toString());
        assertTrue(row.get("recall").isNull(), row.toString());
      } else {
        assertTrue(row.get("failure").isNull(), row.toString());
        assertTrue(row.get("recall").doubleValue() >= (i < 2 ? .8 : .5), row.toString());
        assertTrue(row.get("queries").intValue() >= 1, row.toString());
        assertTrue(row.get("p99_us").doubleValue() >= row.get("p50_us").doubleValue());
        assertTrue(row.get("page_cache_mb").doubleValue() > 0, row.toString());
      }
    }

    words[8] = "none";
    words[words.length - 1] = "ivfpq";
    assertEquals(0, IvfPqBench.run(words));
    assertEquals(
        indexed,
        Files.getLastModifiedTime(out.resolve("indexes/ivfpq.json")).toMillis(),
        "the index is taken as it is");
  }

  @Test
  void refusesWhatIsNoSize() {
    assertEquals(
        "ivfpq-bench: memory: no size: \"lots\"; 512m and 4g are some; see ivfpq-bench memory"
            + " --help",
        TestVectors.lastWords(
            2, "memory", "--base", "b", "--queries", "q", "--out", "o", "--limits", "lots"));
  }

  @Test
  void refusesFlat() {
    assertEquals(
        "ivfpq-bench: memory: flat is raw vectors alone and cannot be searched; see ivfpq-bench"
            + " memory --help",
        TestVectors.lastWords(
            2, "memory", "--base", "b", "--queries", "q", "--out", "o", "--systems", "flat"));
  }
}
