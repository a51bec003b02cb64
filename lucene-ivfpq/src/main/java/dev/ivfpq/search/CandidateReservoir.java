// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import java.util.Arrays;

/**
 * The nearest {@code capacity} candidates by estimated distance, the lower slot first among equals.
 * Twice as many are kept until they are cut back at once, which costs less than a heap (faiss,
 * ReservoirTopN).
 */
final class CandidateReservoir implements CandidateSink {
  private final int capacity;
  private long[] keys;
  private int size;
  private float threshold = Float.POSITIVE_INFINITY;
  private boolean dropped;

  CandidateReservoir(int capacity) {
    this.capacity = capacity;
    this.keys = new long[(int) Math.min(2L * Math.max(capacity, 16), 4096)];
  }

  @Override
  public float threshold() {
    return threshold;
  }

  @Override
  public void accept(int slot, float distance) {
    if (size == keys.length) {
      if (size < 2L * capacity) {
        keys = Arrays.copyOf(keys, (int) Math.min(Integer.MAX_VALUE - 8, 2L * size));
      } else {
        cutBack();
        if (distance >= threshold) {
          return;
        }
      }
    }
    keys[size++] = DistanceKey.of(distance, slot);
  }

  /** Whether candidates were turned away since there are nearer ones. */
  boolean hasDropped() {
    return dropped || size > capacity;
  }

  /** Hands over the nearest ones; nothing may be offered afterwards. */
  Candidates candidates() {
    cutToCapacity();
    return new Candidates(keys, size);
  }

  /** The slots of the nearest ones, ascending; nothing may be offered afterwards. */
  int[] slots() {
    cutToCapacity();
    int[] slots = new int[size];
    for (int i = 0; i < size; i++) {
      slots[i] = DistanceKey.id(keys[i]);
    }
    Arrays.sort(slots);
    return slots;
  }

  /** Makes room: drops about half of what is beyond the capacity. */
  private void cutBack() {
    keep(Selection.least(keys, 0, size, capacity, (capacity + size) / 2));
  }

  /** Drops all that is beyond the capacity. */
  private void cutToCapacity() {
    if (size > capacity) {
      keep(Selection.least(keys, 0, size, capacity, capacity));
    }
  }

  private void keep(int count) {
    size = count;
    dropped = true;
    long farthest = keys[0];
    for (int i = 1; i < size; i++) {
      farthest = Math.max(farthest, keys[i]);
    }
    threshold = DistanceKey.distance(farthest);
  }
}
