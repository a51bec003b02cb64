// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.nio.ByteBuffer;

/** How a vector is written as bytes. */
interface RowCode {
  /** Bytes of one vector. */
  int bytes();

  /** Whether nothing is lost. */
  boolean exact();

  /**
   * Decodes one vector.
   *
   * @param codes little-endian
   * @param at where its bytes start
   * @param out (d)
   */
  void decode(ByteBuffer codes, int at, float[] out);
}
