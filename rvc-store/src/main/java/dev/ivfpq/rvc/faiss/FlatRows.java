// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.io.IOException;

/**
 * Rows of floats one after the other, row i with id i.
 *
 * @param in the file
 * @param offset of row 0
 */
record FlatRows(FaissInput in, long offset, int d, long count) implements FaissRows {
  @Override
  public boolean exact() {
    return true;
  }

  @Override
  public void forEach(RowVisitor visitor) throws IOException {
    float[] row = new float[d];
    for (long i = 0; i < count; i++) {
      row(i, row);
      visitor.row(i, row);
    }
  }

  void row(long i, float[] out) throws IOException {
    in.floats(offset + i * d * Float.BYTES, out, d);
  }
}
