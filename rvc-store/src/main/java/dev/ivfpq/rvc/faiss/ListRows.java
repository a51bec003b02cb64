// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Coded vectors of lists, list after list.
 *
 * @param centroids of the lists, which codes are relative to; null where they are not
 */
record ListRows(
    FaissInput in, int d, long count, RowCode code, FlatRows centroids, List<InvertedList> lists)
    implements FaissRows {
  /** Ids read at a time. */
  private static final int IDS = 1 << 16;

  /** All vectors as one list without ids: row i has id i. */
  static ListRows flat(FaissInput in, int d, int count, RowCode code) {
    InvertedList all = new InvertedList(0, count, in.position(), InvertedList.NO_IDS);
    return new ListRows(in, d, count, code, null, List.of(all));
  }

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
      int step = Math.max(code.group(), IDS / code.group() * code.group());
      for (int from = 0; from < list.size(); from += step) {
        int to = Math.min(from + step, list.size());
        rows(list, from, to, centroid, row, visitor);
      }
    }
  }

  /** The ids first, as they lie behind the codes and files in archives are read forwards. */
  private void rows(
      InvertedList list, int from, int to, float[] centroid, float[] row, RowVisitor visitor)
      throws IOException {
    ByteBuffer ids = list.ids(in, from, to - from);
    for (int first = from; first < to; first += code.group()) {
      int some = Math.min(code.group(), to - first);
      ByteBuffer group =
          in.bytes(list.codes() + code.bytes(first), Math.toIntExact(code.bytes(some)));
      for (int i = 0; i < some; i++) {
        int at = first + i;
        code.decode(group, i, row);
        add(centroid, row);
        visitor.row(ids == null ? at : ids.getLong((at - from) * Long.BYTES), row);
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
