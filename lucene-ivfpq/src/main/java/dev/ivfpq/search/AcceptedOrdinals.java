// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.ListDirectory;
import dev.ivfpq.disk.ListsReader;
import dev.ivfpq.kernel.CodeBlocks;
import java.io.IOException;
import org.apache.lucene.util.BitSet;
import org.apache.lucene.util.Bits;

/**
 * The ordinals that a filter and deletes leave. Where they lie close together, such as one
 * speaker's in an index sorted by speaker, a list is narrowed to them by binary search.
 */
final class AcceptedOrdinals {
  private final Bits bits;
  private final int first;
  private final int last;
  private final boolean narrow;

  /**
   * @param bits by ordinal
   * @param n vectors of the field
   */
  AcceptedOrdinals(Bits bits, int n) {
    this.bits = bits;
    boolean known = bits instanceof BitSet set && set.length() > 0 && set.cardinality() > 0;
    this.first = known ? ((BitSet) bits).nextSetBit(0) : 0;
    this.last = known ? ((BitSet) bits).prevSetBit(bits.length() - 1) : n - 1;
    // A search in a list costs about as much as testing a dozen of its vectors.
    this.narrow = last - first < n / 2;
  }

  boolean get(int ordinal) {
    return bits.get(ordinal);
  }

  /** The first position of a list that may hold an accepted vector. */
  int from(ListsReader lists, ListDirectory.Entry entry) throws IOException {
    return narrow ? lowerBound(lists, entry, first) : 0;
  }

  /** The position after the last one that may. */
  int to(ListsReader lists, ListDirectory.Entry entry) throws IOException {
    return narrow ? lowerBound(lists, entry, last + 1) : entry.size();
  }

  /** How many ordinals of a list, which are ascending, are below a value. */
  private static int lowerBound(ListsReader lists, ListDirectory.Entry entry, int value)
      throws IOException {
    long firstSlot = (long) entry.firstBlock() * CodeBlocks.BLOCK;
    int below = 0;
    int end = entry.size();
    while (below < end) {
      int middle = (below + end) >>> 1;
      if (lists.ordinal(firstSlot + middle) < value) {
        below = middle + 1;
      } else {
        end = middle;
      }
    }
    return below;
  }
}
