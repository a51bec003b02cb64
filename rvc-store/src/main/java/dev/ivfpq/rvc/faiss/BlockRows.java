// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Vectors of lists in FastScan blocks.
 *
 * @param centroids of the lists, which codes are relative to; null where they are not
 * @param lists a list without ids ({@code ids() < 0}) has its rows' numbers for ids
 */
record BlockRows(
    FaissInput in,
    int d,
    long count,
    FastScanBlocks blocks,
    FlatRows centroids,
    List<InvertedList> lists)
    implements FaissRows {
  @Override
  public boolean exact() {
    return false;
  }

  @Override
  public void forEach(RowVisitor visitor) throws IOException {
    float[] row = new float[d];
    float[] centroid = new float[d];
    for (InvertedList list : lists) {
      if (centroids != null) {
        centroids.row(list.list(), centroid);
      }
      for (int from = 0; from < list.size(); from += blocks.bbs()) {
        int some = Math.min(blocks.bbs(), list.size() - from);
        long at = list.codes() + (long) from / blocks.bbs() * blocks.blockBytes();
        ByteBuffer block = in.bytes(at, blocks.blockBytes());
        ByteBuffer ids =
            list.ids() < 0
                ? null
                : in.bytes(list.ids() + (long) from * Long.BYTES, some * Long.BYTES);
        for (int i = 0; i < some; i++) {
          blocks.decode(block, i, row);
          if (centroids != null) {
            for (int j = 0; j < d; j++) {
              row[j] += centroid[j];
            }
          }
          visitor.row(ids == null ? from + i : ids.getLong(i * Long.BYTES), row);
        }
      }
    }
  }
}
