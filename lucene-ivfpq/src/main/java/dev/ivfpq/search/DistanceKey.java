// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import org.apache.lucene.util.NumericUtils;

/** A distance and an id in one long that sorts by distance, then by id. */
final class DistanceKey {
  private DistanceKey() {}

  static long of(float distance, int id) {
    return ((long) NumericUtils.floatToSortableInt(distance) << 32) | id;
  }

  static float distance(long key) {
    return NumericUtils.sortableIntToFloat((int) (key >> 32));
  }

  static int id(long key) {
    return (int) key;
  }
}
