// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.io.IOException;

/** Takes the vectors of an index one by one. */
@FunctionalInterface
public interface RowVisitor {
  /**
   * Takes one vector.
   *
   * @param id as in the index
   * @param vector valid until this returns
   */
  void row(long id, float[] vector) throws IOException;
}
