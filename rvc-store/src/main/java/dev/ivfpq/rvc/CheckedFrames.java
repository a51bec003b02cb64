// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What becomes one clip of a store: frames that were read to the last and found in order. */
public interface CheckedFrames {
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

  /**
   * Checks the dimension.
   *
   * @param voice the speaker's voice if there is one that stays, whose dimension they must have
   * @throws StoreException if it is another, or none that can be indexed
   */
  default void checkDims(Optional<VoiceRecord> voice) throws StoreException {
    if (voice.isPresent() && voice.get().dims() != dims()) {
      throw new StoreException(
          file()
              + ": "
              + dims()
              + " dims, but the voice "
              + voice.get().description()
              + " has "
              + voice.get().dims()
              + "; add it under another name, or replace the voice (RVC v1 has 256 dims, v2 768)");
    }
    try {
      StoreLayout.VECTORS.checkDimensions(dims());
    } catch (IllegalArgumentException e) {
      throw new StoreException(file() + ": " + e.getMessage(), e);
    }
  }

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
