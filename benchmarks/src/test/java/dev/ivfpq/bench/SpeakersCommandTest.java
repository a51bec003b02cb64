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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command on seven speakers; that changes are seen is what it checks itself. */
class SpeakersCommandTest {
  private static final int SPEAKERS = 7;
  private static final int FRAMES = 100;

  @TempDir private Path folder;

  @Test
  void changesSingleSpeakers() throws IOException {
    Path out = folder.resolve("out");
    String words =
        "speakers --speakers %d --frames %d --dims 16 --queries 5 --k 3 --rounds 2 --out %s"
            .formatted(SPEAKERS, FRAMES, out);

    assertEquals(0, IvfPqBench.run(words.split(" ")));

    JsonNode json = new ObjectMapper().readTree(out.resolve("results.json").toFile());
    assertEquals(SPEAKERS * FRAMES, json.get("base_vectors").intValue());
    JsonNode stores = json.get("stores");
    assertEquals(2, stores.size());
    for (JsonNode store : stores) {
      // Each round adds one and removes one.
      assertEquals(SPEAKERS, store.get("speakers").intValue(), store::toString);
      assertEquals(SPEAKERS * FRAMES, store.get("frames").intValue(), store::toString);
    }
    JsonNode each = json.get("each");
    assertEquals(
        List.of("add", "replace", "remove", "add", "replace", "remove"),
        each.findValuesAsText("change"));
    assertEquals(
        List.of("speaker 7", "speaker 0", "speaker 1", "speaker 8", "speaker 3", "speaker 5"),
        each.findValuesAsText("speaker"));
    JsonNode changes = json.get("changes");
    assertEquals(List.of("add", "replace", "remove"), changes.findValuesAsText("change"));
    for (int kind = 0; kind < 3; kind++) {
      JsonNode row = changes.get(kind);
      double first = each.get(kind).get("commit_ms").doubleValue();
      double second = each.get(kind + 3).get("commit_ms").doubleValue();
      assertEquals(2, row.get("rounds").intValue(), row::toString);
      assertEquals(Math.min(first, second), row.get("commit_ms").doubleValue(), row::toString);
      assertEquals(Math.max(first, second), row.get("commit_max_ms").doubleValue(), row::toString);
      assertTrue(row.get("refresh_ms").doubleValue() > 0, row::toString);
      assertTrue(row.get("reopen_ms").doubleValue() > 0, row::toString);
      double percent =
          (row.get("commit_max_ms").doubleValue() + row.get("refresh_max_ms").doubleValue())
              / 10
              / row.get("rebuild_s").doubleValue();
      assertTrue(row.get("percent_of_rebuild").doubleValue() <= percent, row::toString);
    }
    JsonNode searches = json.get("searches");
    assertEquals(2, searches.size());
    for (JsonNode row : searches) {
      assertEquals(3, row.get("speakers").intValue(), "the others are changed: " + row);
      assertEquals(
          1, row.get("recall").doubleValue(), "100 frames are compared one by one: " + row);
    }
    for (String table : List.of("stores", "changes", "each", "searches")) {
      assertEquals(
          1 + json.get(table).size(),
          Files.readAllLines(out.resolve(table + ".csv")).size(),
          table);
    }
    assertFalse(Files.exists(out.resolve("work")), "clips and store are deleted");
  }

  @Test
  void wrongUsageIsSaidInASentence() {
    assertEquals(
        "ivfpq-bench: speakers: speakers must be at least 11, got 10; see ivfpq-bench speakers"
            + " --help",
        refusal("--speakers 10"));
    assertEquals(
        "ivfpq-bench: speakers: frames must be at least 10, got 9; see ivfpq-bench speakers --help",
        refusal("--frames 9"));
  }

  private String refusal(String options) {
    String words = "speakers --out %s %s".formatted(folder.resolve("never"), options);
    return TestVectors.lastWords(2, words.split(" "));
  }
}
