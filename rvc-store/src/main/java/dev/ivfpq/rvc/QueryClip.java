// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.rvc.npy.NpyReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The frames of a clip that is searched with, block after block, checked to the last first. */
final class QueryClip implements Closeable {
  private final NpyReader reader;
  private final float[] rows;
  private int next;

  private QueryClip(NpyReader reader) {
    this.reader = reader;
    this.rows = new float[Math.min(FrameSearcher.TOGETHER, reader.rows()) * reader.dims()];
  }

  /**
   * Opens and checks a clip.
   *
   * @throws IOException naming the file and what is wrong with it
   */
  static QueryClip open(Path file) throws IOException {
    NpyReader reader = NpyReader.open(file);
    try {
      reader.verify();
      return new QueryClip(reader);
    } catch (Throwable t) {
      reader.close();
      throw t;
    }
  }

  /** Their dimension. */
  int dims() {
    return reader.dims();
  }

  /** Number of frames, at least 1. */
  int frames() {
    return reader.rows();
  }

  /** The next frames (dims), the caller's own; none when all were handed out. */
  List<float[]> next() throws IOException {
    int dims = reader.dims();
    int count = Math.min(FrameSearcher.TOGETHER, frames() - next);
    List<float[]> block = new ArrayList<>(count);
    if (count > 0) {
      reader.read(next, count, rows);
      for (int i = 0; i < count; i++) {
        block.add(Arrays.copyOfRange(rows, i * dims, (i + 1) * dims));
      }
      next += count;
    }
    return block;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
