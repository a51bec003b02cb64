// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.voices;

import java.util.ArrayList;
import java.util.List;

/**
 * Query frames as a stream without end: after the last comes the first again. Blocks do not
 * overlap, so that no frame of a block was in the one before.
 *
 * @param frames (n, d), at least two blocks
 * @param block frames of a block
 */
record QueryStream(float[][] frames, int block) {
  QueryStream {
    if (frames.length < 2 * block) {
      throw new IllegalArgumentException(
          frames.length
              + " queries are less than two blocks of "
              + block
              + " frames; give more queries or a smaller block");
    }
  }

  /** Puts a block of the stream into {@code out} (block), rows that are not to be modified. */
  void block(int number, float[][] out) {
    for (int i = 0; i < block; i++) {
      out[i] = frames[(int) (((long) number * block + i) % frames.length)];
    }
  }

  /** The beginning of the stream, the caller's own. */
  List<float[]> clip(int count) {
    List<float[]> clip = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      clip.add(frames[i % frames.length].clone());
    }
    return clip;
  }
}
