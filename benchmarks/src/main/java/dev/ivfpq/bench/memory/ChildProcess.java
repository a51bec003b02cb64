// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.memory;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs a class of this program in a JVM of its own, in a control group. */
final class ChildProcess {
  private static final JsonMapper JSON = new JsonMapper();

  private ChildProcess() {}

  /**
   * Runs it to its end.
   *
   * @param heap as for -Xmx
   * @param result of what it prints
   * @throws IOException if it failed, or was killed for want of memory
   */
  static <T> T run(
      ControlGroup group, String heap, Class<?> main, List<String> args, Class<T> result)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (argument.startsWith("--") || argument.startsWith("-XX:UseAVX")) {
        command.add(argument);
      }
    }
    command.addAll(
        List.of(
            "-Xmx" + heap,
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(args);
    ProcessBuilder builder =
        new ProcessBuilder(group.around(command)).redirectError(ProcessBuilder.Redirect.INHERIT);
    // Would speak of itself on the standard error, and set another heap.
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException(
          main.getSimpleName()
              + " ended with code "
              + code
              + (code == 137 ? ": killed, as its memory was not enough" : ""));
    }
    return JSON.readValue(said, result);
  }
}
