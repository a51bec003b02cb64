// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.voices;

import java.io.Closeable;
import java.io.IOException;

/** A way of converting frames to the voice: search and RVC's blend. One thread. */
interface Contender extends Closeable {
  /** Which system, as in the table. */
  String system();

  /** How it is built and asked. */
  String setting();

  /** Share of the true neighbours that it finds. */
  double recall();

  /** Seconds of building its index. */
  double indexSeconds();

  /**
   * Converts blocks and then a clip.
   *
   * @param blocks number of blocks of the stream, from its beginning
   * @param clip frames of the clip
   */
  Round round(int blocks, int clip) throws IOException;

  /**
   * What a round took.
   *
   * @param blockMicros microseconds of each block
   * @param clipMicros microseconds a frame of the clip
   */
  record Round(double[] blockMicros, double clipMicros) {}
}
