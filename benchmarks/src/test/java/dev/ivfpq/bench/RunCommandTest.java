// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command on a few thousand vectors. */
class RunCommandTest {
  private static final List<String> KEYS =
      List.of(
          "system",
          "target",
          "recall",
          "setting",
          "p50_us",
          "p99_us",
          "qps",
          "index_s",
          "force_merge_s",
          "bytes_per_vector_beside_raw");

  @TempDir private Path folder;

  @Test
  void comparesAndReports() throws IOException {
    Path base = fbin("base.fbin", 3000, 16, 1);
    Path queries = fbin("queries.fbin", 40, 16, 2);
    Path out = folder.resolve("out");

    int code =
        IvfPqBench.run(
            "run",
            "--base",
            base.toString(),
            "--queries",
            queries.toString(),
            "--out",
            out.toString(),
            "--systems",
            "ivfpq,hnsw,flat",
            "--targets",
            "0.9",
            "--rounds",
            "1");

    assertEquals(0, code);
    JsonNode json = new ObjectMapper().readTree(out.resolve("results.json").toFile());
    assertEquals(3000, json.get("base_vectors").asInt());
    assertEquals(16, json.get("dims").asInt());
    Set<String> systems = new HashSet<>();
    for (JsonNode row : json.get("results")) {
      for (String key : KEYS) {
        assertTrue(row.has(key), () -> key + " is missing in " + row);
      }
      String system = row.get("system").asText();
      systems.add(system);
      double recall = row.get("recall").asDouble();
      if (system.equals("flat")) {
        assertEquals(1.0, recall, () -> "exact search must be exact: " + row);
      } else if (!row.get("target").isNull()) {
        assertEquals(recall >= 0.9, row.get("reached").asBoolean(), row::toString);
      }
      assertTrue(row.get("p50_us").asDouble() <= row.get("p99_us").asDouble(), row::toString);
    }
    assertEquals(Set.of("ivfpq", "hnsw", "flat"), systems);
    Set<Integer> queriesACall = new HashSet<>();
    for (JsonNode batch : json.get("batches")) {
      queriesACall.add(batch.get("queries_a_call").asInt());
      assertTrue(batch.get("mean_us").asDouble() > 0, batch::toString);
    }
    assertEquals(Set.of(1, 16, 1000), queriesACall);
    assertTrue(Files.readString(out.resolve("results.csv")).startsWith("system,"));
    String page = Files.readString(out.resolve("report.html"));
    assertTrue(page.contains("<svg"), "the chart is in the page");
    assertFalse(page.matches("(?s).*(src|href)=\"https?:.*"), "nothing is fetched");
    assertFalse(Files.exists(out.resolve("indexes")), "indexes are deleted");
  }

  @Test
  void wrongUsageAndMissingFilesAreSaidInASentence() {
    assertEquals(
        "ivfpq-bench: run: targets must be in (0, 1], got 95.0; see ivfpq-bench run --help",
        refusal(2, "--base", "b.npy", "--targets", "95"));
    assertEquals(
        "ivfpq-bench: run: faiss is compared by euclidean distance alone, got similarity"
            + " dot_product; see ivfpq-bench run --help",
        refusal(2, "--base", "b.npy", "--faiss", "--similarity", "dot_product"));
    assertEquals(
        "ivfpq-bench: run: nowhere.npy: no such file; check the path",
        refusal(1, "--base", "nowhere.npy"));
  }

  private String refusal(int code, String... words) {
    List<String> args = new ArrayList<>(List.of("run", "--queries", "q.npy"));
    args.addAll(List.of("--out", folder.resolve("never").toString()));
    args.addAll(List.of(words));
    PrintStream before = System.err;
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    System.setErr(new PrintStream(heard, true, StandardCharsets.UTF_8));
    try {
      assertEquals(code, IvfPqBench.run(args.toArray(String[]::new)));
    } finally {
      System.setErr(before);
    }
    String[] lines = heard.toString(StandardCharsets.UTF_8).strip().split("\\R");
    return lines[lines.length - 1];
  }

  private Path fbin(String name, int n, int d, long seed) throws IOException {
    Random random = new Random(seed);
    ByteBuffer bytes = ByteBuffer.allocate(8 + n * d * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(n).putInt(d);
    for (int i = 0; i < n * d; i++) {
      bytes.putFloat((float) random.nextGaussian());
    }
    return Files.write(folder.resolve(name), bytes.array());
  }
}
