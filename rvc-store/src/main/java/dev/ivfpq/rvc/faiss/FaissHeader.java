// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.io.IOException;

/**
 * What every index begins with, behind its four characters.
 *
 * @param d dimensions of its vectors as its caller sees them
 * @param ntotal number of vectors
 * @param trained whether it was trained
 * @param metric 0 inner product, 1 squared L2, others above
 */
record FaissHeader(int d, long ntotal, boolean trained, int metric) {
  static final int INNER_PRODUCT = 0;
  static final int L2 = 1;

  private static final int MAX_DIMS = 65536;
  private static final int MAX_METRIC = 64;

  /** What faiss writes twice where it once kept something. */
  static final long DUMMY = 1 << 20;

  static FaissHeader read(FaissInput in) throws IOException {
    int d = in.i32();
    if (d < 1 || d > MAX_DIMS) {
      throw in.wrong(Integer.BYTES, "an index of " + d + " dims; damaged, get the file again");
    }
    long ntotal = in.i64();
    if (ntotal < 0) {
      throw in.wrong(Long.BYTES, ntotal + " vectors; damaged, get the file again");
    }
    for (int i = 0; i < 2; i++) {
      long dummy = in.i64();
      if (dummy != DUMMY) {
        throw in.wrong(
            Long.BYTES, dummy + " where faiss writes " + DUMMY + "; damaged, get the file again");
      }
    }
    int trained = in.u8();
    if (trained > 1) {
      throw in.wrong(1, "is_trained is " + trained + "; damaged, get the file again");
    }
    int metric = in.i32();
    if (metric < 0 || metric > MAX_METRIC) {
      throw in.wrong(
          Integer.BYTES, "metric " + metric + " is unknown; damaged, get the file again");
    }
    if (metric > L2) {
      in.f32();
    }
    return new FaissHeader(d, ntotal, trained == 1, metric);
  }
}
