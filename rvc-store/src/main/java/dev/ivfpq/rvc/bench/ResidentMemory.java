// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Memory that this process has to itself: heap, compiled code, threads, buffers. Pages of mapped
 * files, which the system takes back when it needs them, are not counted.
 */
final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String ANONYMOUS = "RssAnon:";

  private ResidentMemory() {}

  /** In bytes; empty where the system is not Linux. */
  static OptionalLong now() throws IOException {
    if (!Files.isReadable(STATUS)) {
      return OptionalLong.empty();
    }
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(ANONYMOUS)) {
        String kilobytes = line.substring(ANONYMOUS.length()).replace("kB", "").strip();
        return OptionalLong.of(Long.parseLong(kilobytes) << 10);
      }
    }
    return OptionalLong.empty();
  }
}
