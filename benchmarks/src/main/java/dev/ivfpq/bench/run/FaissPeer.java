// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.util.IOUtils;

/**
 * The faiss that {@code python3} finds on this machine, searched by itself in a process of its own,
 * one thread and one query a call, at its best setting for each target.
 */
final class FaissPeer {
  private static final String SCRIPT = "/dev/ivfpq/bench/faiss/faiss_row.py";

  private final Plan plan;
  private final GroundTruth truth;
  private final Path folder;

  /**
   * @param folder takes what the process reads; removed afterwards
   */
  FaissPeer(Plan plan, GroundTruth truth, Path folder) {
    this.plan = plan;
    this.truth = truth;
    this.folder = folder;
  }

  /**
   * Runs it.
   *
   * @param hnsw the row to compare with at each target; null without one
   * @throws IOException if there is no faiss, or it fails
   */
  List<Row> rows(List<Row> hnsw) throws IOException {
    Files.createDirectories(folder);
    try {
      FaissInputs.write(folder, truth);
      List<Row> rows = new ArrayList<>();
      for (String line : output().split("\\R")) {
        JsonNode found = new ObjectMapper().readTree(line);
        if (found.has("missing")) {
          throw new IOException(
              "python3 has no faiss ("
                  + found.get("missing").asText()
                  + "); install python3-faiss");
        }
        rows.add(row(found, hnsw));
      }
      return rows;
    } finally {
      IOUtils.rm(folder);
    }
  }

  private String output() throws IOException {
    Path script = folder.resolve("faiss_row.py");
    try (InputStream resource = FaissPeer.class.getResourceAsStream(SCRIPT)) {
      Files.copy(resource, script);
    }
    List<String> command = new ArrayList<>(List.of("python3", script.toString()));
    command.add(folder.toString());
    command.add(Integer.toString(truth.base().size()));
    command.add(Integer.toString(truth.queries().size()));
    command.add(Integer.toString(truth.base().dims()));
    command.add(Integer.toString(plan.k()));
    command.add(Integer.toString(plan.rounds()));
    plan.targets().forEach(target -> command.add(target.toString()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException("faiss ended with code " + code + "; see its message above");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while faiss was running", e);
    }
    return output.strip();
  }

  private Row row(JsonNode found, List<Row> hnsw) {
    double target = found.get("target").asDouble();
    boolean reached = found.has("recall");
    double mean = found.path("mean_us").asDouble();
    Row graph =
        hnsw.stream()
            .filter(row -> row.target() != null && row.target() == target)
            .findFirst()
            .orElse(null);
    String setting = "nprobe=" + found.path("nprobe") + " k_factor=" + found.path("k_factor");
    return new Row(
        "faiss",
        target,
        reached,
        found.path("recall").asDouble(),
        reached ? found.get("factory").asText() + " " + setting : "",
        found.path("p50_us").asDouble(),
        found.path("p99_us").asDouble(),
        reached ? 1e6 / mean : 0,
        graph != null && reached ? 1e6 / mean / graph.qps() : null,
        graph != null && reached && !graph.reached(),
        mean,
        truth.queries().size(),
        truth.base().size(),
        plan.k(),
        null,
        reached ? found.get("nprobe").asInt() : null,
        reached ? (float) found.get("k_factor").asDouble() : null,
        0,
        found.path("index_s").asDouble(),
        0,
        1,
        0,
        0,
        0,
        found.path("bytes_beside_raw").asDouble(),
        found.path("build").asText());
  }
}
