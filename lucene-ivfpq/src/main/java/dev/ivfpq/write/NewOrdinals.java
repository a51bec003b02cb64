// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.write;

import org.apache.lucene.util.FixedBitSet;

/**
 * Ordinals of a merged segment's vectors by their documents: the number of documents before them
 * that have one. Heap: 5/8 of a byte a document.
 */
final class NewOrdinals {
  private final FixedBitSet docs;

  /** Documents with vectors before each word of the set. */
  private final int[] before;

  /**
   * @param docs documents of the merged segment that have vectors; not to be changed any more
   */
  NewOrdinals(FixedBitSet docs) {
    this.docs = docs;
    long[] words = docs.getBits();
    this.before = new int[words.length];
    int count = 0;
    for (int i = 0; i < words.length; i++) {
      before[i] = count;
      count += Long.bitCount(words[i]);
    }
  }

  /**
   * @param doc which has a vector
   */
  int of(int doc) {
    int word = doc >> 6;
    return before[word] + Long.bitCount(docs.getBits()[word] & ((1L << doc) - 1));
  }
}
