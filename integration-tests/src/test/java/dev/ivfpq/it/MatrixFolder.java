// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A folder with {@code base.npy}, {@code query.npy} and, where speakers are known, {@code
 * speaker.npy}: one number for each base vector, {@code <i4}.
 */
record MatrixFolder(Path folder) implements SetSource {
  private static final String PROPERTY = "tests.sets";

  /** Magic, version and the header's length of a file of NumPy's version 1. */
  private static final int NPY_PREFIX = 10;

  /**
   * The folders in the folder named by {@code -Dtests.sets}, in the order of their names.
   *
   * @param root that a relative folder is relative to
   * @throws IllegalArgumentException if there are none in it
   */
  static List<SetSource> inProperty(Path root) throws IOException {
    String parent = System.getProperty(PROPERTY);
    if (parent == null) {
      return List.of(new NotNamed());
    }
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve(parent))) {
      for (Path entry : entries) {
        if (Files.exists(entry.resolve("base.npy")) && Files.exists(entry.resolve("query.npy"))) {
          folders.add(entry);
        }
      }
    }
    if (folders.isEmpty()) {
      throw new IllegalArgumentException(
          "-D" + PROPERTY + "=" + parent + ": no folder in it holds base.npy and query.npy");
    }
    Collections.sort(folders);
    return folders.stream().<SetSource>map(MatrixFolder::new).toList();
  }

  @Override
  public Optional<String> absence() {
    return Optional.empty();
  }

  @Override
  public VectorSet read() throws IOException {
    float[][] base = NpyRows.of(folder.resolve("base.npy"));
    float[][] queries = SetSource.queries(NpyRows.of(folder.resolve("query.npy")), 1000);
    Path speakers = folder.resolve("speaker.npy");
    return new VectorSet(
        toString(),
        base,
        queries,
        Files.exists(speakers) ? speakers(speakers, base.length) : VectorSet.fifths(base.length));
  }

  /** The store's reader takes matrices of floats only. */
  private static String[] speakers(Path file, int n) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int dataOffset = NPY_PREFIX + Short.toUnsignedInt(bytes.getShort(NPY_PREFIX - Short.BYTES));
    String header = new String(bytes.array(), 0, dataOffset, StandardCharsets.ISO_8859_1);
    if (!header.contains("'<i4'") || !header.contains("(" + n + ",)")) {
      throw new IllegalArgumentException(
          file + ": needed is an array of " + n + " <i4, its header is " + header);
    }
    String[] speakers = new String[n];
    for (int id = 0; id < n; id++) {
      speakers[id] = "speaker " + bytes.getInt(dataOffset + id * Integer.BYTES);
    }
    return speakers;
  }

  @Override
  public String toString() {
    return folder.getFileName().toString();
  }

  /** Stands for the sets that nobody named. */
  private record NotNamed() implements SetSource {
    @Override
    public Optional<String> absence() {
      return Optional.of("-D" + PROPERTY + " names no folder, see CONTRIBUTING.md");
    }

    @Override
    public VectorSet read() {
      throw new IllegalStateException(absence().orElseThrow());
    }

    @Override
    public String toString() {
      return "larger sets";
    }
  }
}
