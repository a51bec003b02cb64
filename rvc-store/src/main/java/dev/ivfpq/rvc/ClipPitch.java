// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.rvc.npy.NpyReader;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The pitch of a clip, one or two values a frame.
 *
 * @param hz below 1 where it is unvoiced
 */
record ClipPitch(float[] hz, int perFrame) {
  /** RVC has 10 ms pitches for all of the audio, and frames only where 25 ms of it are left. */
  private static final int MISSING = 2;

  /**
   * Reads a file. Of two pitches a frame, those behind the last frame are left out as RVC does, and
   * the last two may be missing.
   *
   * @param frames of the clip
   * @throws StoreException if it has another number of pitches
   * @throws IOException if it is no list of numbers, or reading fails
   */
  static ClipPitch read(Path file, int frames) throws IOException {
    try (NpyReader reader = NpyReader.openList(file)) {
      int count = reader.rows();
      if (count != frames && count < 2L * frames - MISSING) {
        throw new StoreException(
            file
                + ": "
                + count
                + " pitches for "
                + frames
                + " frames; give one a frame, or two (100 a second) as RVC extracts them");
      }
      int perFrame = count == frames ? 1 : 2;
      float[] hz = new float[(int) Math.min(count, (long) perFrame * frames)];
      reader.read(0, hz.length, hz);
      return new ClipPitch(hz, perFrame);
    }
  }
}
