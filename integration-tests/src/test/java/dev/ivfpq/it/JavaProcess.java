// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own with this one's class path and the vector module, run to its end.
 *
 * @param exitValue 0 for success
 * @param said what it printed, both streams
 */
record JavaProcess(int exitValue, String said) {

  /**
   * Runs a main class.
   *
   * @param output takes what it prints
   * @param options of the JVM
   */
  static JavaProcess run(Path output, List<String> options, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(process.waitFor(20, TimeUnit.MINUTES), "still running after 20 minutes");
    } finally {
      process.destroyForcibly();
    }
    return new JavaProcess(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
  }
}
