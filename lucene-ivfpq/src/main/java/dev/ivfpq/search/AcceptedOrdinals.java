// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.ListDirectory;
import dev.ivfpq.disk.ListsReader;
import dev.ivfpq.kernel.CodeBlocks;
import java.io.IOException;
import org.apache.lucene.util.BitSet;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;

/**
 * The ordinals that a filter and deletes leave. Where they lie close together, such as one
 * speaker's in an index sorted by speaker, a list is narrowed to them by binary search.
 */
final class AcceptedOrdinals {
  private final Bits bits;

  /** The bits, if they lie in words; else null. */
  private final long[] words;

  private final int n;
  private final int count;
  private final int first;
  private final int last;
  private final boolean gapless;

  private final boolean narrow;
  private final int[] ordinals = new int[CodeBlocks.BLOCK];

  /**
   * @param bits by ordinal
   * @param n vectors of the field
   */
  AcceptedOrdinals(Bits bits, int n) {
    this.bits = bits;
    this.words = bits instanceof FixedBitSet fixed ? fixed.getBits() : null;
    this.n = n;
    int known = bits instanceof BitSet set ? set.cardinality() : 0;
    this.count = known > 0 ? known : n;
    this.first = known > 0 ? ((BitSet) bits).nextSetBit(0) : 0;
    this.last = known > 0 ? ((BitSet) bits).prevSetBit(bits.length() - 1) : n - 1;
    this.gapless = known > 0 && last - first == known - 1;
    // A search in a list costs about as much as testing a dozen of its vectors.
    this.narrow = gapless || last - first < n / 2;
  }

  boolean get(int ordinal) {
    return bits.get(ordinal);
  }

  /** How many there are at most. */
  int count() {
    return count;
  }

  /** Whether all ordinals from the first to the last are accepted. */
  boolean isGapless() {
    return gapless;
  }

  /**
   * The accepted slots of a block, slot s as bit s.
   *
   * @param position of the block's first slot in its list
   * @param within the slots between {@link #from} and {@link #to} of the list
   */
  long word(ListsReader lists, ListDirectory.Entry entry, int position, long within)
      throws IOException {
    if (gapless || within == 0) {
      return within;
    }
    int end = CodeBlocks.BLOCK - Long.numberOfLeadingZeros(within);
    lists.ordinals((long) entry.firstBlock() * CodeBlocks.BLOCK + position, end, ordinals);
    long word = 0;
    if (words != null) {
      for (int slot = 0; slot < end; slot++) {
        word |= (words[ordinals[slot] >> 6] >>> ordinals[slot] & 1) << slot;
      }
    } else {
      for (long rest = within; rest != 0; rest &= rest - 1) {
        int slot = Long.numberOfTrailingZeros(rest);
        word |= bits.get(ordinals[slot]) ? 1L << slot : 0;
      }
    }
    return word & within;
  }

  /**
   * How many ordinals are looked at to find all that are accepted, if each list is narrowed to
   * where they are.
   */
  int span() {
    return narrow ? last - first + 1 : n;
  }

  /**
   * The accepted ordinals of a list, ascending; returns how many.
   *
   * @param out room for all of the list
   */
  int ordinals(ListsReader lists, ListDirectory.Entry entry, int[] out) throws IOException {
    int from = from(lists, entry);
    int to = to(lists, entry);
    int count = 0;
    for (int block = from / CodeBlocks.BLOCK; block * CodeBlocks.BLOCK < to; block++) {
      int position = block * CodeBlocks.BLOCK;
      int end = Math.min(CodeBlocks.BLOCK, to - position);
      lists.ordinals((long) entry.firstBlock() * CodeBlocks.BLOCK + position, end, ordinals);
      for (int slot = Math.max(0, from - position); slot < end; slot++) {
        int ordinal = ordinals[slot];
        out[count] = ordinal;
        // Without a branch: none could be foreseen.
        count += words != null ? (int) (words[ordinal >> 6] >>> ordinal & 1) : has(ordinal);
      }
    }
    return count;
  }

  private int has(int ordinal) {
    return bits.get(ordinal) ? 1 : 0;
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
