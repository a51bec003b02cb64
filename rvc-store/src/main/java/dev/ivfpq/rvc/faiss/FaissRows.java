// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.io.IOException;

/** The vectors of an index or of a part of one, in the order in which they lie in the file. */
interface FaissRows {
  /** Dimensions. */
  int d();

  /** Number of vectors. */
  long count();

  /** Whether they are those that were added, to the bit; else they are decoded. */
  boolean exact();

  /** Hands out all of them. */
  void forEach(RowVisitor visitor) throws IOException;
}
