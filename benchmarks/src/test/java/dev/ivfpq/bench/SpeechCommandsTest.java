// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code generate} and {@code statistics}, as typed. */
class SpeechCommandsTest {
  @TempDir private Path folder;

  @Test
  void whatIsGeneratedCanBeMeasured() throws IOException {
    String out = folder.resolve("made/here").toString();
    String said =
        out(
            () ->
                IvfPqBench.run(
                    "generate",
                    "--n",
                    "500",
                    "--dims",
                    "12",
                    "--speakers",
                    "4",
                    "--queries",
                    "30",
                    "--seed",
                    "3",
                    "--out",
                    out));
    assertEquals("500 x 12 of 4 speakers and 30 queries in " + out, said.strip());

    String base = out + "/base.npy";
    String queries = out + "/query.npy";
    String text = out(() -> IvfPqBench.run("statistics", "--base", base, "--queries", queries));
    assertTrue(text.startsWith("500 vectors of 12 dims\nprincipal dims of the variance: "), text);
    assertTrue(text.contains("\nbase, > 10 rows away "), text);

    JsonNode json =
        new ObjectMapper()
            .readTree(
                out(
                    () ->
                        IvfPqBench.run(
                            "statistics", "--base", base, "--queries", queries, "--json")));
    assertEquals(500, json.get("base_vectors").asInt());
    assertEquals(5, json.get("principal_dims_by_percent").size());
    for (String name : new String[] {"queries", "base", "base_apart_in_time"}) {
      double nearest = json.get(name).get("nearest_to_random_pair").get("median").asDouble();
      assertTrue(nearest > 0 && nearest < 1, json::toString);
      assertTrue(json.get(name).get("tenth_to_nearest").get("mean").asDouble() > 1);
      assertTrue(json.get(name).get("local_intrinsic_dimension").get("sd").asDouble() > 0);
    }
  }

  @Test
  void badArgumentsAreSaidInASentence() throws IOException {
    String out = folder.toString();
    assertEquals(
        "ivfpq-bench: generate: speakers must be in [1, n=5], got 6; see ivfpq-bench generate"
            + " --help",
        err(2, "generate", "--n", "5", "--speakers", "6", "--out", out));
    assertEquals(
        "ivfpq-bench: generate: dims must be in [2, 4096], got 0; see ivfpq-bench generate --help",
        err(2, "generate", "--dims", "0", "--out", out));
    assertEquals(
        "ivfpq-bench: statistics: sample must be at least 1, got 0; see ivfpq-bench statistics"
            + " --help",
        err(2, "statistics", "--base", "b.npy", "--queries", "q.npy", "--sample", "0"));
    Path file = Files.writeString(folder.resolve("file"), "");
    assertEquals(
        "ivfpq-bench: generate: " + file + ": not a folder; name the folder to write into",
        err(1, "generate", "--n", "5", "--speakers", "1", "--out", file.toString()));
  }

  private static String out(IntSupplier command) {
    PrintStream before = System.out;
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    System.setOut(new PrintStream(heard, true, StandardCharsets.UTF_8));
    try {
      assertEquals(0, command.getAsInt());
    } finally {
      System.setOut(before);
    }
    return heard.toString(StandardCharsets.UTF_8);
  }

  private static String err(int code, String... words) {
    PrintStream before = System.err;
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    System.setErr(new PrintStream(heard, true, StandardCharsets.UTF_8));
    try {
      assertEquals(code, IvfPqBench.run(words));
    } finally {
      System.setErr(before);
    }
    return heard.toString(StandardCharsets.UTF_8).strip();
  }
}
