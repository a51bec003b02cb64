// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.nio.ByteBuffer;

/**
 * 4-bit codes in blocks of {@code bbs} vectors (faiss, {@code pq4_fast_scan.cpp}): pair p of
 * sub-quantizers has 32 bytes for every 32 vectors, 16 of each sub-quantizer, vectors 0 to 15 in
 * the low nibbles and 16 to 31 in the high ones, in the order 0 8 1 9 ... 7 15.
 *
 * @param M2 sub-quantizers, rounded up to even
 */
record FastScanBlocks(ProductCode pq, int bbs, int M2) implements RowCode {
  /** Bytes of a block. */
  int blockBytes() {
    return bbs * M2 / 2;
  }

  @Override
  public int group() {
    return bbs;
  }

  @Override
  public long bytes(long vectors) {
    return (vectors + bbs - 1) / bbs * blockBytes();
  }

  @Override
  public boolean exact() {
    return false;
  }

  @Override
  public void decode(ByteBuffer block, int w, float[] out) {
    int lane = w % 32 % 16;
    int position = lane < 8 ? 2 * lane : 2 * (lane - 8) + 1;
    boolean high = w % 32 >= 16;
    for (int m = 0; m < pq.M(); m++) {
      int at = m / 2 * bbs + w / 32 * 32 + m % 2 * 16 + position;
      int pair = block.get(at) & 0xff;
      pq.put(m, high ? pair >> 4 : pair & 15, out);
    }
  }
}
