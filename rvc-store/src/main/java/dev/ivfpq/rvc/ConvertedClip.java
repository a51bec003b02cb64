// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.rvc.npy.NpyWriter;
import java.io.Closeable;
import java.io.IOException;

/** The file of a converted clip in the making; what is unvoiced is protected if that is asked. */
final class ConvertedClip implements Closeable {
  private final NpyWriter writer;
  private final float[] row;

  /** Null where nothing is protected. */
  private final Protect protect;

  private final ClipPitch pitch;
  private final int rows;
  private int frames;

  private ConvertedClip(NpyWriter writer, int rows, int dims, Protect protect, ClipPitch pitch) {
    this.writer = writer;
    this.rows = rows;
    this.row = new float[dims];
    this.protect = protect;
    this.pitch = pitch;
  }

  /**
   * Begins a file.
   *
   * @param frames of the clip
   */
  static ConvertedClip create(ClipConversion conversion, int frames, int dims) throws IOException {
    if (conversion.protect().isEmpty()) {
      NpyWriter writer = NpyWriter.create(conversion.out(), frames, dims);
      return new ConvertedClip(writer, frames, dims, null, null);
    }
    ClipProtect protect = conversion.protect().get();
    ClipPitch pitch = ClipPitch.read(protect.f0(), frames);
    NpyWriter writer = NpyWriter.create(conversion.out(), pitch.hz().length, dims);
    return new ConvertedClip(writer, pitch.hz().length, dims, protect.protect(), pitch);
  }

  /** Rows that the file gets. */
  int rows() {
    return rows;
  }

  /**
   * Takes the next frame.
   *
   * @param original as it was before the conversion
   */
  void write(float[] original, float[] converted) throws IOException {
    if (protect == null) {
      writer.write(converted, 1);
    } else {
      int first = frames * pitch.perFrame();
      for (int i = first; i < Math.min(rows, first + pitch.perFrame()); i++) {
        System.arraycopy(converted, 0, row, 0, row.length);
        protect.apply(original, pitch.hz()[i], row);
        writer.write(row, 1);
      }
    }
    frames++;
  }

  /** Puts the file in its place. */
  void finish() throws IOException {
    writer.finish();
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
