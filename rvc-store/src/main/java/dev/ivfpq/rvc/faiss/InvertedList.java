// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where one list that holds vectors lies.
 *
 * @param list its number
 * @param size vectors in it
 * @param codes offset of the codes
 * @param ids offset of the ids, 8 bytes each; {@link #NO_IDS} where places are ids
 */
record InvertedList(int list, int size, long codes, long ids) {
  static final long NO_IDS = -1;

  /** The ids of some vectors; null if there are none. */
  ByteBuffer ids(FaissInput in, int from, int count) throws IOException {
    return ids == NO_IDS ? null : in.bytes(ids + (long) from * Long.BYTES, count * Long.BYTES);
  }
}
