// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command on a few thousand vectors of six speakers. */
class FilterCommandTest {
  private static final int N = 4000;

  /** One row in 20 is kept out to be a query. */
  private static final int INDEXED = 3800;

  @TempDir private Path folder;

  @Test
  void comparesFiltersInBothOrdersOfDocuments() throws IOException {
    Path base = TestVectors.speakers(folder.resolve("base.fbin"), N, 16, 6, 1);
    Path queries = TestVectors.speakers(folder.resolve("queries.fbin"), 40, 16, 1, 2);
    Path out = folder.resolve("out");
    // Of a run that was killed.
    Path left = Files.createDirectories(out.resolve("indexes/random ivfpq"));
    Files.writeString(left.resolve("segments_1"), "cut off");
    List<String> words = new ArrayList<>(List.of("filter", "--base", base.toString()));
    words.addAll(List.of("--queries", queries.toString(), "--out", out.toString()));
    words.addAll(List.of("--speakers", "6", "--selectivities", "0.5,0.1,0.01"));
    words.addAll(List.of("--rounds", "1", "--limit-queries", "30"));

    assertEquals(0, IvfPqBench.run(words.toArray(String[]::new)));

    JsonNode json = new ObjectMapper().readTree(out.resolve("results.json").toFile());
    assertEquals(N, json.get("base_vectors").asInt());
    Set<String> seen = new HashSet<>();
    for (JsonNode row : json.get("results")) {
      seen.add(words(row, "order", "system", "filter", "queries", "accepted"));
      assertTrue(row.get("p50_us").asDouble() <= row.get("p99_us").asDouble(), row::toString);
      assertTrue(row.get("machinery_p50_us").asDouble() > 0, row::toString);
      double recall = row.get("recall").asDouble();
      assertEquals(recall >= .95, row.get("reached").asBoolean(), row::toString);
      if (row.get("accepted").asInt() <= 38) {
        assertEquals(1, recall, () -> "so few are compared one by one: " + row);
      }
      assertTrue(recall > .8, () -> "others find most neighbours: " + row);
    }
    Set<String> expected = new HashSet<>();
    for (String order : List.of("random", "speaker")) {
      for (String system : List.of("ivfpq", "hnsw")) {
        for (int accepted : new int[] {INDEXED / 2, INDEXED / 10, INDEXED / 100}) {
          expected.add(String.join(" ", order, system, "random unseen", "" + accepted));
          for (String kind : List.of("unseen", "same", "other")) {
            expected.add(String.join(" ", order, system, "speakers", kind, "" + accepted));
          }
        }
      }
    }
    Set<String> missing = new HashSet<>(expected);
    missing.removeAll(seen);
    assertEquals(Set.of(), missing, () -> "rows are " + seen);
    assertEquals(
        expected.size() + 2 * 2 * 3, seen.size(), () -> "and those of one speaker " + seen);
    assertTrue(
        Files.readString(out.resolve("results.csv")).startsWith("order,num_segments,filter"));
    assertEquals(
        1 + json.get("results").size(), Files.readAllLines(out.resolve("results.csv")).size());
    String page = Files.readString(out.resolve("report.html"));
    assertTrue(page.contains("<th>recall</th>") && page.contains("<td>speakers</td>"), page);
    assertFalse(page.matches("(?s).*(src|href)=\"https?:.*"), "nothing is fetched");
    assertFalse(Files.exists(out.resolve("indexes")), "indexes are deleted");
  }

  private static String words(JsonNode row, String... names) {
    return String.join(" ", Arrays.stream(names).map(name -> row.get(name).asText()).toList());
  }

  @Test
  void wrongUsageAndWrongLabelsAreSaidInASentence() throws IOException {
    Path base = TestVectors.speakers(folder.resolve("base.fbin"), 30, 4, 1, 1);
    Path labels = npy("labels.npy", 29);
    assertEquals(
        "ivfpq-bench: filter: "
            + labels
            + ": 29 labels in 116 bytes for 30 vectors; give one int32 for each vector of the base",
        refusal(1, base, labels.toString()));
    assertEquals(
        "ivfpq-bench: filter: "
            + base
            + ": no .npy file of version 1.0; give labels as NumPy saves them",
        refusal(1, base, base.toString()));
    assertEquals(
        "ivfpq-bench: filter: speakers must be in [1, 30], got 31; see ivfpq-bench filter --help",
        refusal(2, base, "31"));
    assertEquals(
        "ivfpq-bench: filter: selectivities must be in (0, 1], got 50.0; see ivfpq-bench filter"
            + " --help",
        refusal(2, base, "3", "--selectivities", "50"));
    assertEquals(
        "ivfpq-bench: filter: filters are compared for [ivfpq, hnsw], got flat; see ivfpq-bench"
            + " filter --help",
        refusal(2, base, "3", "--systems", "flat"));
  }

  private String refusal(int code, Path base, String speakers, String... words) {
    List<String> args = new ArrayList<>(List.of("filter", "--base", base.toString()));
    args.addAll(List.of("--queries", base.toString(), "--speakers", speakers));
    args.addAll(List.of("--out", folder.resolve("never").toString()));
    args.addAll(List.of(words));
    return TestVectors.lastWords(code, args.toArray(String[]::new));
  }

  private Path npy(String name, int n) throws IOException {
    String head = "{'descr': '<i4', 'fortran_order': False, 'shape': (" + n + ",), }";
    byte[] text =
        (head + " ".repeat(117 - head.length()) + "\n").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes = ByteBuffer.allocate(10 + text.length + 4 * n).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    bytes.putShort((short) text.length).put(text);
    return Files.write(folder.resolve(name), bytes.array());
  }
}
