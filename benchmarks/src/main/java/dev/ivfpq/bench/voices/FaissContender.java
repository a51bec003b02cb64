// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.voices;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * RVC's index, asked as RVC asks it but for {@code nprobe}.
 *
 * @param setting in words
 */
record FaissContender(
    FaissProcess process, String setting, int nprobe, double recall, double indexSeconds)
    implements Contender {
  static final String SYSTEM = "faiss";

  /** One for each setting that the process has found. */
  static List<FaissContender> of(FaissProcess process) {
    JsonNode built = process.built();
    List<FaissContender> contenders = new ArrayList<>();
    for (JsonNode found : built.get("settings")) {
      int nprobe = found.get("nprobe").asInt();
      contenders.add(
          new FaissContender(
              process,
              built.get("factory").asText()
                  + " nprobe="
                  + nprobe
                  + ", "
                  + built.get("build").asText(),
              nprobe,
              found.get("recall").asDouble(),
              built.get("index_s").asDouble()));
    }
    return contenders;
  }

  @Override
  public String system() {
    return SYSTEM;
  }

  @Override
  public Round round(int blocks, int clip) throws IOException {
    return process.round(nprobe, blocks, clip);
  }

  /** The process is not this one's. */
  @Override
  public void close() {}
}
