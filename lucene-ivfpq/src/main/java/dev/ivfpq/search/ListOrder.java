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
  /** Distances of all lists. */
  @FunctionalInterface
  interface Distances {
    float[] get() throws IOException;
  }

  /** Lists that tell how near the nearest ones will be. */
  static final int SAMPLE = 128;

  /** Lists put in order at first; later as many again as there are already. */
  private final int wanted;

  private final int nlist;
  private final Distances all;
  private long[] keys;
  private int ordered;

  private ListOrder(long[] keys, int wanted, int nlist, Distances all) {
    this.keys = keys;
    this.wanted = wanted;
    this.nlist = nlist;
    this.all = all;
  }

  /**
   * All lists.
   *
   * @param distances of the lists; kept
   * @param wanted how many will be asked for, as far as is known
   */
  static ListOrder of(float[] distances, int wanted) {
    int nlist = distances.length;
    float within = likelyThreshold(distances, Math.min(SAMPLE, nlist), wanted, nlist);
    long[] keys = new long[Math.min(nlist, 2 * wanted + SAMPLE)];
    int size = 0;
    for (int list = 0; list < nlist; list++) {
      if (distances[list] < within) {
        if (size == keys.length) {
          keys = Arrays.copyOf(keys, 2 * size);
        }
        keys[size++] = DistanceKey.of(distances[list], list);
      }
    }
    return size < wanted
        ? new ListOrder(keys(distances), wanted, nlist, null)
        : new ListOrder(Arrays.copyOf(keys, size), wanted, nlist, () -> distances);
  }

  private static long[] keys(float[] distances) {
    long[] keys = new long[distances.length];
    for (int list = 0; list < keys.length; list++) {
      keys[list] = DistanceKey.of(distances[list], list);
    }
    return keys;
  }

  /**
   * A distance within which {@code wanted} of n lists are expected, told from some of them, so that
   * the others need not be put in order.
   *
   * @param sample distances of the first {@code count} lists
   */
  static float likelyThreshold(float[] sample, int count, int wanted, int n) {
    int within = (int) Math.ceil(1.5 * wanted * count / n);
    if (within >= count) {
      return Float.POSITIVE_INFINITY;
    }
    long[] keys = new long[count];
    for (int i = 0; i < count; i++) {
      keys[i] = DistanceKey.of(sample[i], i);
    }
    Selection.least(keys, 0, count, within);
    return DistanceKey.distance(keys[within]);
  }

  /**
   * Some lists that are taken for the nearest, and all others after them.
   *
   * @param keys of the nearest; kept and rearranged
   * @param all asked once, when more are wanted
   */
  static ListOrder nearest(long[] keys, int wanted, int nlist, Distances all) {
    return new ListOrder(keys, wanted, nlist, all);
  }

  /** This order, to be read by somebody else. */
  ListOrder copy() {
    return copy(all);
  }

  /**
   * This order, to be read by somebody else.
   *
   * @param others distances of all lists, in place of what gives them here
   */
  ListOrder copy(Distances others) {
    ListOrder copy = new ListOrder(keys.clone(), wanted, nlist, others);
    copy.ordered = ordered;
    return copy;
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
    for (long key : keys(all.get())) {
      if (!known.get(DistanceKey.id(key))) {
        keys[count++] = key;
      }
    }
  }
}
