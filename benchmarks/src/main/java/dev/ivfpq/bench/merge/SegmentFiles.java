// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.lucene.index.IndexFileNames;

/** Which of an index's files are whose. No compound files here. */
final class SegmentFiles {
  /** Raw vectors and their metadata. */
  private static final Set<String> RAW = Set.of("vec", "vemf");

  /** Of every index, whatever the vectors' format. */
  private static final Set<String> NOT_OF_VECTORS =
      Set.of("si", "fnm", "fdt", "fdx", "fdm", "lock", "cfs", "cfe");

  /** In the names of the temporary files of stored fields. */
  private static final String STORED_FIELDS = "FieldsIndex";

  private SegmentFiles() {}

  /** Whether a file is a vectors' format's own, temporary or to stay, beside the raw vectors. */
  static boolean isBesideRaw(String file) {
    String extension = IndexFileNames.getExtension(file);
    return extension != null
        && !RAW.contains(extension)
        && !NOT_OF_VECTORS.contains(extension)
        && !file.contains(STORED_FIELDS);
  }

  /** The files of the formats beside the raw vectors. */
  static List<Path> besideRaw(Path index) throws IOException {
    List<Path> files = all(index);
    files.removeIf(file -> !isBesideRaw(file.getFileName().toString()));
    return files;
  }

  /** All files. */
  static List<Path> all(Path index) throws IOException {
    try (Stream<Path> files = Files.list(index)) {
      return new ArrayList<>(files.toList());
    }
  }

  /** Bytes of these files. */
  static long bytes(List<Path> files) throws IOException {
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  /** Copies files into a folder, which is made. */
  static void copy(List<Path> files, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Path file : files) {
      Files.copy(file, folder.resolve(file.getFileName()));
    }
  }
}
