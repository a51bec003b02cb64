// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel;

import java.io.IOException;

/** Scans blocks for one query. Not safe for use by several threads. */
public interface BlockScanner {

  /**
   * Appends to {@code out} each slot whose estimated distance {@code (base + term) + scale * sum}
   * is below {@code threshold}; in slot order, block after block. Padding slots hold the term
   * +Infinity and so never pass.
   *
   * @param firstBlock index of the first block
   * @param count number of consecutive blocks, at most {@link Survivors#capacity} / 64
   * @param base what all vectors of the list have in common: list distance plus the LUT's bias
   * @param accept one word a block, bit s for slot s, word 0 for {@code firstBlock}; null accepts
   *     all
   * @param out survivors are appended; must have room for {@code 64 * count} more
   * @throws org.apache.lucene.store.AlreadyClosedException if the file was closed meanwhile
   */
  void scan(int firstBlock, int count, float base, float threshold, long[] accept, Survivors out)
      throws IOException;

  /**
   * The bare sums of one block, for tests and benchmarks.
   *
   * @param sums out (64), in slot order
   */
  void sums(int block, short[] sums) throws IOException;
}
