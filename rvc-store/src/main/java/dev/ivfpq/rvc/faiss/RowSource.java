// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.io.IOException;

/** Vectors that become an index: the same ones in the same order whenever they are asked for. */
public interface RowSource {
  /** Dimensions. */
  int dims();

  /** Number of vectors, at least 1. */
  int count();

  /**
   * Hands out all vectors, their ids counting from 0.
   *
   * @throws IOException if reading fails, or the visitor throws
   */
  void forEach(RowVisitor visitor) throws IOException;
}
