// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.kernel.Survivors;
import java.util.Arrays;

/**
 * The nearest {@code capacity} candidates by estimated distance, the lower slot first among equals.
 * Twice as many are kept until they are cut back at once, which costs less than a heap (faiss,
 * ReservoirTopN).
 */
final class CandidateReservoir implements CandidateSink, ScanGoal.Best {
  private int capacity;
  private long[] keys;
  private int size;
  private float threshold;
  private boolean dropped;

  /** Those handed over, which are still among the best. */
  private long[] taken = {};

  CandidateReservoir(int capacity) {
    this(capacity, Float.POSITIVE_INFINITY);
  }

  /**
   * @param threshold candidates that are not below it are turned away from the first
   */
  CandidateReservoir(int capacity, float threshold) {
    this.capacity = capacity;
    this.threshold = threshold;
    this.keys = new long[(int) Math.min(2L * Math.max(capacity, 16), 4096)];
  }

  @Override
  public float threshold() {
    return threshold;
  }

  @Override
  public void accept(int firstSlot, Survivors survivors) {
    for (int i = 0; i < survivors.size; i++) {
      float distance = survivors.distances[i];
      if (distance < threshold) {
        if (size == keys.length) {
          makeRoom();
          if (!(distance < threshold)) {
            continue;
          }
        }
        keys[size++] = DistanceKey.of(distance, firstSlot + survivors.positions[i]);
      }
    }
  }

  /**
   * Hands over the nearest ones so far, at most {@code count}; so many fewer are kept from now on.
   */
  Candidates take(int count) {
    int most = Math.min(Math.min(count, capacity), size);
    Selection.least(keys, 0, size, most);
    taken = Arrays.copyOf(keys, most);
    System.arraycopy(keys, most, keys, 0, size - most);
    size -= most;
    capacity -= most;
    return new Candidates(taken.clone(), most);
  }

  @Override
  public long kth(int k) {
    cutToCapacity();
    long[] all = Arrays.copyOf(taken, taken.length + size);
    System.arraycopy(keys, 0, all, taken.length, size);
    if (all.length < k) {
      return Long.MAX_VALUE;
    }
    Selection.least(all, 0, all.length, k);
    long kth = all[0];
    for (int i = 1; i < k; i++) {
      kth = Math.max(kth, all[i]);
    }
    return kth;
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

  /** The slots of the nearest ones, in no order; nothing may be offered afterwards. */
  int[] slots() {
    cutToCapacity();
    int[] slots = new int[size];
    for (int i = 0; i < size; i++) {
      slots[i] = DistanceKey.id(keys[i]);
    }
    return slots;
  }

  /** Room for at least one more: grows, or drops about half of what is beyond the capacity. */
  private void makeRoom() {
    if (size < 2L * capacity) {
      keys = Arrays.copyOf(keys, (int) Math.min(Integer.MAX_VALUE - 8, 2L * size));
    } else {
      keep(Selection.least(keys, 0, size, capacity, (capacity + size) / 2));
    }
  }

  private void cutToCapacity() {
    if (size > capacity) {
      keep(Selection.least(keys, 0, size, capacity, capacity));
    }
  }

  /** Keeps the first {@code count} keys, which are the least; none is above the next one. */
  private void keep(int count) {
    size = count;
    dropped = true;
    threshold = DistanceKey.distance(keys[count]);
  }
}
