// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import org.apache.lucene.util.NumericUtils;

/** A distance and an id in one long that sorts by distance, then by id. */
final class DistanceKey {
  private DistanceKey() {}

  /**
   * @param id not negative, or an unsigned int
   */
  static long of(float distance, int id) {
    return ((long) NumericUtils.floatToSortableInt(distance) << 32) | Integer.toUnsignedLong(id);
  }

  /** The key of another id at the same distance. */
  static long withId(long key, int id) {
    return (key & 0xFFFFFFFF_00000000L) | Integer.toUnsignedLong(id);
  }

  static float distance(long key) {
    return NumericUtils.sortableIntToFloat((int) (key >> 32));
  }

  static int id(long key) {
    return (int) key;
  }
}
