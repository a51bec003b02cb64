// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.io.IOException;

/**
 * Rows under other ids.
 *
 * @param ids the id of the inner index's row i
 */
record RenamedRows(FaissRows inner, long[] ids) implements FaissRows {
  @Override
  public int d() {
    return inner.d();
  }

  @Override
  public long count() {
    return inner.count();
  }

  @Override
  public boolean exact() {
    return inner.exact();
  }

  @Override
  public void forEach(RowVisitor visitor) throws IOException {
    inner.forEach((id, vector) -> visitor.row(ids[(int) id], vector));
  }
}
