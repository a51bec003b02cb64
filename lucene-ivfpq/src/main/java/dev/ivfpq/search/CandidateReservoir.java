// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import java.util.Arrays;
import org.apache.lucene.util.Bits;

/**
 * The nearest {@code capacity} candidates by estimated distance, the lower ordinal first among
 * equals. Twice as many are kept until they are cut back at once, which costs less than a heap
 * (faiss, ReservoirTopN).
 */
final class CandidateReservoir implements CandidateSink {
  private final int capacity;
  private long[] keys;
  private int size;
  private float threshold = Float.POSITIVE_INFINITY;
  private boolean dropped;

  CandidateReservoir(int capacity) {
    this.capacity = capacity;
    this.keys = new long[Math.min(2 * Math.max(capacity, 16), 1024)];
  }

  @Override
  public float threshold() {
    return threshold;
  }

  @Override
  public void accept(int ordinal, float distance) {
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
    keys[size++] = DistanceKey.of(distance, ordinal);
  }

  /** Whether candidates were turned away since there are nearer ones. */
  boolean hasDropped() {
    return dropped || size > capacity;
  }

  /**
   * The nearest {@code capacity} candidates' ordinals, ascending.
   *
   * @param without ordinals to leave out; null for none
   */
  int[] ordinals(Bits without) {
    int[] ordinals = forEach(without, (ordinal, distance) -> {});
    Arrays.sort(ordinals);
    return ordinals;
  }

  /** Hands them out with their distances, nearest first; returns their ordinals in that order. */
  int[] forEach(Bits without, CandidateConsumer consumer) {
    cutBack();
    int[] ordinals = new int[size];
    int count = 0;
    for (int i = 0; i < size; i++) {
      int ordinal = DistanceKey.id(keys[i]);
      if (without == null || !without.get(ordinal)) {
        consumer.accept(ordinal, DistanceKey.distance(keys[i]));
        ordinals[count++] = ordinal;
      }
    }
    return Arrays.copyOf(ordinals, count);
  }

  /** Takes one candidate. */
  @FunctionalInterface
  interface CandidateConsumer {
    void accept(int ordinal, float distance);
  }

  /** Sorts, and drops what is beyond the capacity. */
  private void cutBack() {
    Arrays.sort(keys, 0, size);
    if (size > capacity) {
      size = capacity;
      dropped = true;
      threshold = DistanceKey.distance(keys[capacity - 1]);
    }
  }
}
