// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.IOException;
import java.nio.file.Path;

/** What becomes one clip of a store: frames that were read to the last and found in order. */
interface CheckedFrames {
  /** Of the clip, unique for its speaker. */
  String name();

  /** Where they are, for messages. */
  Path file();

  /** Number of frames, at least 1. */
  int frames();

  /** Their dimension. */
  int dims();

  /**
   * Reads all of them again.
   *
   * @throws StoreException if the file has changed
   */
  void forEach(FrameVisitor visitor) throws IOException;

  /** Takes frames one by one. */
  @FunctionalInterface
  interface FrameVisitor {
    /**
     * Takes one frame.
     *
     * @param number its position in the clip, from 0
     * @param vector valid until this returns
     */
    void frame(int number, float[] vector) throws IOException;
  }
}
