// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import java.io.IOException;
import java.util.Arrays;

/**
 * What a walk found, handed out in the order of the estimates. They are put in order, and their
 * slots looked up, as far as they are asked for.
 */
final class Candidates {
  /** Knows which vector lies in a slot. */
  @FunctionalInterface
  interface Ordinals {
    int of(long slot) throws IOException;
  }

  private final long[] keys;
  private final int size;
  private int taken;

  /**
   * @param keys of slots ({@link DistanceKey}), the first {@code size} of them; kept and rearranged
   */
  Candidates(long[] keys, int size) {
    this.keys = keys;
    this.size = size;
  }

  /** How many are left. */
  int left() {
    return size - taken;
  }

  /**
   * Takes the next nearest ones, all that are left if there are fewer.
   *
   * @return keys of their ordinals, the nearest first
   */
  long[] next(int count, Ordinals ordinals) throws IOException {
    long[] next = nextSlots(count);
    for (int i = 0; i < next.length; i++) {
      int ordinal = ordinals.of(Integer.toUnsignedLong(DistanceKey.id(next[i])));
      next[i] = DistanceKey.withId(next[i], ordinal);
    }
    return next;
  }

  /** The same, but keys of their slots. */
  long[] nextSlots(int count) {
    int from = taken;
    taken += Math.min(count, left());
    Selection.least(keys, from, size, taken - from);
    Arrays.sort(keys, from, taken);
    return Arrays.copyOfRange(keys, from, taken);
  }
}
