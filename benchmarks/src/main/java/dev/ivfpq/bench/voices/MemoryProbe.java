// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.voices;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Measures the memory of a JVM that converts to a store's voice, in 64 MB of heap. */
final class MemoryProbe {
  private static final List<String> JVM =
      List.of(
          "-Xmx64m",
          "-XX:+UseSerialGC",
          "--add-modules",
          "jdk.incubator.vector",
          "--enable-native-access=ALL-UNNAMED");

  private MemoryProbe() {}

  /**
   * Measures.
   *
   * @param queries a {@code .npy} file
   * @param count frames to convert before the memory is looked at
   * @return MB beside mapped files; null where the system does not tell
   * @throws IOException if that JVM fails
   */
  static Double residentMb(Path store, Path queries, VoicesPlan plan, int count)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ConvertingProcess.class.getName());
    command.addAll(List.of(store.toString(), queries.toString()));
    for (int number : new int[] {plan.k(), plan.block(), count}) {
      command.add(Integer.toString(number));
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    // Could set another heap.
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("converting with 64 MB of heap failed; see the message above");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while memory was measured", e);
    }
    return said.isEmpty() ? null : Long.parseLong(said) / 1e6;
  }
}
