// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.rvc.npy.NpyReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** The frames of a clip that is searched with, one after the other, checked to the last first. */
final class QueryClip implements Closeable {
  /** Rows read at a time. */
  private static final int ROWS = 512;

  private final NpyReader reader;
  private final float[] rows;
  private final float[] frame;
  private int next;

  private QueryClip(NpyReader reader) {
    this.reader = reader;
    this.rows = new float[Math.min(ROWS, reader.rows()) * reader.dims()];
    this.frame = new float[reader.dims()];
  }

  /**
   * Opens and checks a clip.
   *
   * @param dims the dimension it must have
   * @param store the store's folder, for messages
   * @throws IOException naming the file and what is wrong with it
   */
  static QueryClip open(Path file, int dims, Path store) throws IOException {
    NpyReader reader = NpyReader.open(file);
    try {
      if (reader.dims() != dims) {
        throw new StoreException(
            file
                + ": "
                + reader.dims()
                + " dims, but the store "
                + store
                + " holds "
                + dims
                + "; extract it as the store's voices were (RVC v1 has 256 dims, v2 768)");
      }
      reader.verify();
      return new QueryClip(reader);
    } catch (Throwable t) {
      reader.close();
      throw t;
    }
  }

  /** Number of frames, at least 1. */
  int frames() {
    return reader.rows();
  }

  /** The next frame (dims), valid until the next call; not to be called more often than frames. */
  float[] next() throws IOException {
    int dims = frame.length;
    int block = rows.length / dims;
    if (next % block == 0) {
      reader.read(next, Math.min(block, frames() - next), rows);
    }
    System.arraycopy(rows, next % block * dims, frame, 0, dims);
    next++;
    return frame;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
