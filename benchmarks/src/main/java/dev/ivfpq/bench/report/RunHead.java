// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.ivfpq.bench.data.VectorSet;
import java.time.Instant;
import java.util.List;
import org.apache.lucene.util.Version;

/** Under which circumstances results came about. */
public record RunHead(
    @JsonProperty("command") String command,
    @JsonProperty("date") String date,
    @JsonProperty("commit") String commit,
    @JsonProperty("cpu") String cpu,
    @JsonProperty("cores") int cores,
    @JsonProperty("jvm") String jvm,
    @JsonProperty("jvm_arguments") String jvmArguments,
    @JsonProperty("lucene") String lucene,
    @JsonProperty("kernel") String kernel,
    @JsonProperty("base_vectors") int baseVectors,
    @JsonProperty("dims") int dims,
    @JsonProperty("queries") int queries,
    @JsonProperty("similarity") String similarity,
    @JsonProperty("rounds") int rounds) {

  /**
   * Of a run that starts now.
   *
   * @param words of the command
   * @param kernel name of the scan kernel in use
   */
  public static RunHead now(
      List<String> words,
      String kernel,
      VectorSet base,
      VectorSet queries,
      String similarity,
      int rounds) {
    return now(words, kernel, base.size(), base.dims(), queries.size(), similarity, rounds);
  }

  /**
   * Of a run that starts now, on vectors that are not all in memory.
   *
   * @param words of the command
   * @param kernel name of the scan kernel in use
   */
  public static RunHead now(
      List<String> words,
      String kernel,
      int baseVectors,
      int dims,
      int queries,
      String similarity,
      int rounds) {
    return new RunHead(
        "bin/ivfpq-bench " + String.join(" ", words),
        Instant.now().toString(),
        Machine.commit(),
        Machine.cpu(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        Machine.jvmArguments(),
        Version.LATEST.toString(),
        kernel,
        baseVectors,
        dims,
        queries,
        similarity,
        rounds);
  }
}
