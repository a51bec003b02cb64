// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The system's cache of files. */
final class PageCache {
  private PageCache() {}

  /**
   * Has the system forget what it holds of the files in a folder, so that whoever reads them next
   * is who is charged for them. GNU dd does it without any right but to read.
   */
  static void forget(Path folder) throws IOException, InterruptedException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      List<String> dd = List.of("dd", "if=" + file, "iflag=nocache", "count=0", "status=none");
      if (new ProcessBuilder(dd).inheritIO().start().waitFor() != 0) {
        throw new IOException(file + ": dd could not have it dropped from the page cache");
      }
    }
  }
}
