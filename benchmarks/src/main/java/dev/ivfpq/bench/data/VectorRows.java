// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.data;

import dev.ivfpq.rvc.npy.NpyReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

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

  /** Vectors in memory. */
  public static VectorRows of(VectorSet vectors) {
    return new VectorRows(null, vectors);
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
      // A chunk only where its other rows will follow.
      int count = number == chunkEnd ? Math.min(CHUNK, size() - number) : 1;
      chunk = chunk.length == 0 ? new float[CHUNK * dims()] : chunk;
      reader.read(number, count, chunk);
      chunkStart = number;
      chunkEnd = number + count;
    }
    int from = (number - chunkStart) * dims();
    return Arrays.copyOfRange(chunk, from, from + dims());
  }

  /** Some vectors, not to be modified. */
  public float[][] rows(int from, int count) throws IOException {
    if (reader == null) {
      return Arrays.copyOfRange(loaded.rows(), from, from + count);
    }
    float[][] rows = new float[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = row(from + i);
    }
    return rows;
  }

  /** SHA-256 of the values of several bases and of {@code settings}, in hexadecimal digits. */
  public static String fingerprint(String settings, VectorRows... bases) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(settings.getBytes(StandardCharsets.UTF_8));
      for (VectorRows base : bases) {
        base.digest(digest);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /** Puts size, dimensions and all values into {@code digest}. */
  private void digest(MessageDigest digest) throws IOException {
    digest.update(ByteBuffer.allocate(8).putInt(size()).putInt(dims()).flip());
    ByteBuffer bytes = ByteBuffer.allocate(dims() * Float.BYTES);
    FloatBuffer floats = bytes.asFloatBuffer();
    for (int from = 0; from < size(); from += CHUNK) {
      for (float[] row : rows(from, Math.min(CHUNK, size() - from))) {
        floats.clear().put(row);
        digest.update(bytes.clear());
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (reader != null) {
      reader.close();
    }
  }
}
