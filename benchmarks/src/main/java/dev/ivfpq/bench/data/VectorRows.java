// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.data;

import dev.ivfpq.rvc.npy.NpyReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Vectors of a file, one after the other. One {@code .npy} file is read as it goes and may be
 * larger than the heap; of other kinds all is in memory. Not for use by several threads.
 */
public final class VectorRows implements Closeable {
  private static final int CHUNK = 256;

  private final NpyReader reader;
  private final VectorSet loaded;
  private float[] chunk = {};
  private int chunkStart;
  private int chunkEnd;

  private VectorRows(NpyReader reader, VectorSet loaded) {
    this.reader = reader;
    this.loaded = loaded;
  }

  /**
   * Opens a file.
   *
   * @param path of any kind that {@link VectorReader} reads
   */
  public static VectorRows open(Path path) throws IOException {
    return path.getFileName().toString().endsWith(".npy") && !Files.isDirectory(path)
        ? new VectorRows(NpyReader.open(path), null)
        : new VectorRows(null, VectorReader.read(path));
  }

  /** Number of vectors. */
  public int size() {
    return reader == null ? loaded.size() : reader.rows();
  }

  /** Dimensions of each. */
  public int dims() {
    return reader == null ? loaded.dims() : reader.dims();
  }

  /** A vector, the caller's own; the next one is quick to get. */
  public float[] row(int number) throws IOException {
    if (reader == null) {
      return loaded.rows()[number].clone();
    }
    if (number < chunkStart || number >= chunkEnd) {
      int count = Math.min(CHUNK, size() - number);
      chunk = chunk.length == 0 ? new float[CHUNK * dims()] : chunk;
      reader.read(number, count, chunk);
      chunkStart = number;
      chunkEnd = number + count;
    }
    int from = (number - chunkStart) * dims();
    return Arrays.copyOfRange(chunk, from, from + dims());
  }

  @Override
  public void close() throws IOException {
    if (reader != null) {
      reader.close();
    }
  }
}
