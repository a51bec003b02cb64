// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.io.IOException;

/**
 * Coded rows one after the other, row i with id i.
 *
 * @param offset of row 0
 */
record CodeRows(FaissInput in, long offset, int d, long count, RowCode code) implements FaissRows {
  @Override
  public boolean exact() {
    return code.exact();
  }

  @Override
  public void forEach(RowVisitor visitor) throws IOException {
    float[] row = new float[d];
    for (long i = 0; i < count; i++) {
      code.decode(in.bytes(offset + i * code.bytes(), code.bytes()), 0, row);
      visitor.row(i, row);
    }
  }
}
