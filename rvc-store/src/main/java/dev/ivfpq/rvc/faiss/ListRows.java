// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Vectors of inverted lists, list after list.
 *
 * @param centroids of the lists, which codes are relative to; null where they are not
 */
record ListRows(
    FaissInput in, int d, long count, RowCode code, FlatRows centroids, List<InvertedList> lists)
    implements FaissRows {
  /** Vectors read at once. */
  private static final int BATCH = 256;

  @Override
  public boolean exact() {
    return code.exact() && centroids == null;
  }

  @Override
  public void forEach(RowVisitor visitor) throws IOException {
    float[] row = new float[d];
    float[] centroid = new float[d];
    for (InvertedList list : lists) {
      if (centroids != null) {
        centroids.row(list.list(), centroid);
      }
      for (int from = 0; from < list.size(); from += BATCH) {
        int some = Math.min(BATCH, list.size() - from);
        ByteBuffer codes = in.bytes(list.codes() + (long) from * code.bytes(), some * code.bytes());
        ByteBuffer ids = in.bytes(list.ids() + (long) from * Long.BYTES, some * Long.BYTES);
        for (int i = 0; i < some; i++) {
          code.decode(codes, i * code.bytes(), row);
          add(centroid, row);
          visitor.row(ids.getLong(i * Long.BYTES), row);
        }
      }
    }
  }

  private void add(float[] centroid, float[] row) {
    if (centroids != null) {
      for (int j = 0; j < d; j++) {
        row[j] += centroid[j];
      }
    }
  }
}
