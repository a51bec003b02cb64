// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A field's lists, nearest first, the lower number among equals. They are put in order, and those
 * beyond the nearest computed, as far as they are asked for: a query wants few of them.
 */
final class ListOrder {
  /** Keys ({@link DistanceKey}) of all lists. */
  @FunctionalInterface
  interface AllKeys {
    long[] get() throws IOException;
  }

  /** Lists put in order at first; later as many again as there are already. */
  private final int wanted;

  private final int nlist;
  private final AllKeys all;
  private long[] keys;
  private int ordered;

  private ListOrder(long[] keys, int wanted, int nlist, AllKeys all) {
    this.keys = keys;
    this.wanted = wanted;
    this.nlist = nlist;
    this.all = all;
  }

  /**
   * All lists.
   *
   * @param keys kept and rearranged
   * @param wanted how many will be asked for, as far as is known
   */
  static ListOrder of(long[] keys, int wanted) {
    return new ListOrder(keys, wanted, keys.length, null);
  }

  /**
   * Some lists that are taken for the nearest, and all others after them.
   *
   * @param keys of the nearest; kept and rearranged
   * @param all asked once, when more are wanted
   */
  static ListOrder nearest(long[] keys, int wanted, int nlist, AllKeys all) {
    return new ListOrder(keys, wanted, nlist, all);
  }

  int size() {
    return nlist;
  }

  /** The list at a place of the order. */
  int list(int place) throws IOException {
    return DistanceKey.id(key(place));
  }

  /** The distance by which the list at a place is ranked. */
  float distance(int place) throws IOException {
    return DistanceKey.distance(key(place));
  }

  private long key(int place) throws IOException {
    if (place >= keys.length) {
      addOthers();
    }
    while (place >= ordered) {
      int count = Math.min(Math.max(wanted, ordered), keys.length - ordered);
      Selection.least(keys, ordered, keys.length, count);
      Arrays.sort(keys, ordered, ordered + count);
      ordered += count;
    }
    return keys[place];
  }

  private void addOthers() throws IOException {
    BitSet known = new BitSet(nlist);
    for (long key : keys) {
      known.set(DistanceKey.id(key));
    }
    int count = keys.length;
    keys = Arrays.copyOf(keys, nlist);
    for (long key : all.get()) {
      if (!known.get(DistanceKey.id(key))) {
        keys[count++] = key;
      }
    }
  }
}
