// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the machine says of itself. */
final class Machine {
  /** Set by the launcher: the project's folder. */
  private static final String HOME = "ivfpq.home";

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private Machine() {}

  /** The processor's name where Linux gives it, else its architecture. */
  static String cpu() {
    try {
      return Files.readAllLines(CPU_INFO).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  /** Options of this JVM, without those that tell the launcher's paths. */
  static String jvmArguments() {
    List<String> arguments = ManagementFactory.getRuntimeMXBean().getInputArguments();
    return String.join(
        " ", arguments.stream().filter(word -> !word.startsWith("-Divfpq.")).toList());
  }

  /** The commit of the project's folder, with "+" if files differ from it; null without git. */
  static String commit() {
    String home = System.getProperty(HOME);
    if (home == null) {
      return null;
    }
    String commit = git(home, "rev-parse", "HEAD");
    if (commit == null) {
      return null;
    }
    String changes = git(home, "status", "--porcelain", "--untracked-files=no");
    return changes == null || changes.isEmpty() ? commit : commit + "+";
  }

  private static String git(String folder, String... words) {
    try {
      ProcessBuilder builder = new ProcessBuilder("git", "-C", folder);
      builder.command().addAll(List.of(words));
      Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0
          ? text.strip()
          : null;
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
