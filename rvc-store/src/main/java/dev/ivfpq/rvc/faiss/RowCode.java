// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.nio.ByteBuffer;

/** How vectors are written as bytes, a group of them at a time. */
interface RowCode {
  /** Vectors of a group. */
  int group();

  /** Bytes of so many vectors, which begin a group. */
  long bytes(long vectors);

  /** Whether nothing is lost. */
  boolean exact();

  /**
   * Decodes one vector.
   *
   * @param group its bytes, little-endian
   * @param i which vector of the group
   * @param out (d)
   */
  void decode(ByteBuffer group, int i, float[] out);
}
