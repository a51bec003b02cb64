// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever has the jar on the class path and does not use it is never troubled by it. */
class BystanderTest {
  @TempDir private Path folder;

  @Test
  void aWrongKernelFailsThoseWhoUseTheFormatAndNobodyElse() throws Exception {
    JavaProcess process =
        JavaProcess.run(
            folder.resolve("output"), List.of("-Ddev.ivfpq.kernel=bogus"), Bystander.class);
    assertTrue(process.said().contains("hnsw: 10 hits"), process.said());
    assertTrue(
        process
            .said()
            .contains(
                "IllegalArgumentException: dev.ivfpq.kernel=bogus does not exist here,"
                    + " choose from [scalar"),
        process.said());
    assertEquals(1, process.exitValue(), process.said());
  }

  @Test
  void withoutThePropertyBothFormatsAnswer() throws Exception {
    JavaProcess process = JavaProcess.run(folder.resolve("output"), List.of(), Bystander.class);
    assertTrue(process.said().contains("hnsw: 10 hits"), process.said());
    assertTrue(process.said().contains("ivfpq: 10 hits"), process.said());
    assertEquals(0, process.exitValue(), process.said());
  }
}
