// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.NoLockFactory;

/**
 * A temporary file, mapped as an index's files are, all of it in memory.
 *
 * <p>Its name is deleted as soon as it is mapped, where the system lets us: a killed benchmark
 * leaves an empty folder behind, not 256 MB.
 */
final class MappedFile implements AutoCloseable {
  private static final String NAME = "data";

  private final Path folder;
  private final MMapDirectory directory;
  private final IndexInput input;

  private MappedFile(Path folder, MMapDirectory directory, IndexInput input) {
    this.folder = folder;
    this.directory = directory;
    this.input = input;
  }

  /** What is in a file. */
  interface Content {
    /** Writes all of it. */
    void write(IndexOutput out) throws IOException;
  }

  /** Writes and maps a file. */
  static MappedFile of(Content content) throws IOException {
    Path folder = Files.createTempDirectory("ivfpq-micro");
    MMapDirectory directory = new MMapDirectory(folder, NoLockFactory.INSTANCE);
    directory.setPreload(MMapDirectory.ALL_FILES);
    try (IndexOutput out = directory.createOutput(NAME, IOContext.DEFAULT)) {
      content.write(out);
    }
    IndexInput input = directory.openInput(NAME, IOContext.DEFAULT);
    directory.deleteFile(NAME);
    return new MappedFile(folder, directory, input);
  }

  /** Writes and maps little-endian floats. */
  static MappedFile of(float[] values) throws IOException {
    return of(
        out -> {
          for (float value : values) {
            out.writeInt(Float.floatToRawIntBits(value));
          }
        });
  }

  /** The whole file, at position 0; closed with this. */
  IndexInput input() {
    return input.clone();
  }

  @Override
  public void close() throws IOException {
    input.close();
    directory.close();
    Files.deleteIfExists(folder);
  }
}
