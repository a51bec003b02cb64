// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ivfpq.bench.micro.CodeRate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command with one benchmark in one JVM more. */
class MicroCommandTest {
  private static final String SCALAR_ONLY = "kernel=scalar";

  @TempDir private Path folder;

  @Test
  void timesTheScalarKernelAndWritesJson() throws IOException {
    Path out = folder.resolve("out.json");

    int code =
        IvfPqBench.run(
            "micro",
            "KernelBenchmark.sums",
            "--quick",
            "-p",
            SCALAR_ONLY,
            "-p",
            "M=32",
            "-p",
            "where=L2",
            "--out",
            out.toString());

    assertEquals(0, code);
    JsonNode results = new ObjectMapper().readTree(out.toFile());
    assertEquals(1, results.size(), results::toString);
    JsonNode result = results.get(0);
    assertEquals("dev.ivfpq.bench.micro.KernelBenchmark.sums", result.get("benchmark").asText());
    assertEquals("{\"M\":\"32\",\"kernel\":\"scalar\",\"where\":\"L2\"}", params(result));
    JsonNode primary = result.get("primaryMetric");
    assertEquals("ns/op", primary.get("scoreUnit").asText());
    double nanosPerBlock = primary.get("score").asDouble();
    assertTrue(nanosPerBlock > 0, result::toString);
    assertEquals(64 / nanosPerBlock, rate(result, CodeRate.CODES), 1e-6, result::toString);
    assertEquals(1024 / nanosPerBlock, rate(result, CodeRate.BYTES), 1e-6, result::toString);
  }

  private static String params(JsonNode result) {
    JsonNode params = result.get("params");
    return new ObjectMapper()
        .createObjectNode()
        .put("M", params.get("M").asText())
        .put("kernel", params.get("kernel").asText())
        .put("where", params.get("where").asText())
        .toString();
  }

  private static double rate(JsonNode result, String name) {
    return result.get("secondaryMetrics").get(name).get("score").asDouble();
  }

  @Test
  void failsWhereABenchmarkFailsAndShowsWhy() {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      String[] words = {"micro", "kernel.*sums", "--quick", "-p", SCALAR_ONLY, "-p", "where=L9"};
      assertEquals(1, IvfPqBench.run(words));
    } finally {
      System.setOut(before);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("where must be L2 or memory, got where=L9"), text);
  }

  @Test
  void wrongUsageIsSaidInASentence() {
    assertEquals(
        "ivfpq-bench: micro: no benchmark of these has a parameter nlist:"
            + " [ReadBenchmark.read]; see ivfpq-bench micro --help",
        refusal("read", "-p", "nlist=2"));
    assertTrue(
        refusal("nothing").startsWith("ivfpq-bench: micro: no benchmark matches nothing, choose"));
    assertTrue(
        refusal("kernel.*[").startsWith("ivfpq-bench: micro: REGEX must be a regular expression"));
  }

  @Test
  void kernelsThatDoNotExistAreSkippedByName() {
    String heard = heard("kernel", "-p", "kernel=1024");
    assertTrue(
        heard.contains(
            "ivfpq-bench: micro: skipping kernel=1024: dev.ivfpq.kernel=1024 does not exist here,"
                + " choose from [scalar"),
        heard);
    assertTrue(
        heard.contains(
            "nothing to run is left of [KernelBenchmark.scan, KernelBenchmark.sums]; see"),
        heard);
  }

  private static String refusal(String... words) {
    String[] lines = heard(words).split("\\R");
    return lines[lines.length - 1];
  }

  /** What the command says on its way to exit code 2. */
  private static String heard(String... words) {
    String[] args = new String[words.length + 1];
    args[0] = "micro";
    System.arraycopy(words, 0, args, 1, words.length);
    PrintStream before = System.err;
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    System.setErr(new PrintStream(heard, true, StandardCharsets.UTF_8));
    try {
      assertEquals(2, IvfPqBench.run(args));
    } finally {
      System.setErr(before);
    }
    return heard.toString(StandardCharsets.UTF_8).strip();
  }
}
