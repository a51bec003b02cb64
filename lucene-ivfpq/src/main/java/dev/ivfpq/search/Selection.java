// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import java.util.Arrays;

/**
 * Quickselect (Hoare, Algorithm 65, CACM 1961) with a partition that has no branch to mispredict
 * (Lomuto's): a comparison of random keys is guessed wrong half of the time, which would cost more
 * than all the rest.
 */
final class Selection {
  /** Below this many keys sorting them is as fast. */
  private static final int FEW = 16;

  /** From this many keys on a better pivot pays. */
  private static final int MANY = 64;

  private Selection() {}

  /** Rearranges {@code keys[from, to)} so that its {@code count} least come first, unordered. */
  static void least(long[] keys, int from, int to, int count) {
    least(keys, from, to, count, count);
  }

  /**
   * Rearranges {@code keys[from, to)} so that some of its least come first, unordered: at least
   * {@code atLeast} and at most {@code atMost} of them. The wider that range, the less work.
   *
   * @return how many; none of them is above the key after them
   */
  static int least(long[] keys, int from, int to, int atLeast, int atMost) {
    int start = from;
    // Halving takes log2(n) rounds; twice as many mean that the pivots are bad.
    int rounds = 2 * (32 - Integer.numberOfLeadingZeros(to - from));
    while (to - from > FEW && rounds-- > 0) {
      int middle = partition(keys, from, to);
      if (middle - start > atMost) {
        to = middle;
      } else if (middle - start < atLeast) {
        from = middle;
      } else {
        return middle - start;
      }
    }
    Arrays.sort(keys, from, to);
    return atLeast;
  }

  /** Moves the keys below a pivot before it; returns the pivot's place, or the one after it. */
  private static int partition(long[] keys, int from, int to) {
    int last = to - 1;
    swap(keys, pivot(keys, from, last), last);
    long pivot = keys[last];
    int below = from;
    for (int i = from; i < last; i++) {
      long key = keys[i];
      keys[i] = keys[below];
      keys[below] = key;
      below += key < pivot ? 1 : 0;
    }
    swap(keys, below, last);
    // Never an empty side: the pivot may be the least.
    return below == from ? from + 1 : below;
  }

  /** Where to find a key near the middle: the median of three, among many of three medians. */
  private static int pivot(long[] keys, int from, int last) {
    int middle = (from + last) >>> 1;
    if (last - from < MANY) {
      return median(keys, from, middle, last);
    }
    int step = (last - from) >>> 3;
    return median(
        keys,
        median(keys, from, from + step, from + 2 * step),
        median(keys, middle - step, middle, middle + step),
        median(keys, last - 2 * step, last - step, last));
  }

  private static int median(long[] keys, int a, int b, int c) {
    if (keys[a] < keys[b]) {
      return keys[b] < keys[c] ? b : keys[a] < keys[c] ? c : a;
    }
    return keys[a] < keys[c] ? a : keys[b] < keys[c] ? c : b;
  }

  private static void swap(long[] keys, int i, int j) {
    long key = keys[i];
    keys[i] = keys[j];
    keys[j] = key;
  }
}
