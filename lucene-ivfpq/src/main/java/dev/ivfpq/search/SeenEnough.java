// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.spec.Effort;

/**
 * Whether a query with a filter has seen enough accepted vectors. What {@link Effort} says of lists
 * is said of vectors here: so many are seen at most, and after the first sixth of them no list that
 * is much farther than the nearest one. That is the one with which 2k accepted vectors were seen: a
 * nearer one may lie among vectors that the filter leaves out, all but a few.
 */
final class SeenEnough {
  private final int k;
  private final Wanted wanted;
  private long seen;

  /** {@link ListOrder#spread} of the nearest list; 0 as long as it is not known. */
  private float nearest;

  /**
   * @param k hits that the query asks for
   */
  SeenEnough(Wanted wanted, int k) {
    this.wanted = wanted;
    this.k = k;
  }

  /** Counts the accepted vectors of a list. */
  void add(long accepted, float spread) {
    seen += accepted;
    if (nearest == 0 && seen >= 2L * k) {
      nearest = spread;
    }
  }

  /** Whether a list, so many times as far as the nearest of all, need not be looked at. */
  boolean isEnough(float spread) {
    float farther = nearest == 0 ? 1 : spread / nearest;
    return !Effort.goesOn(seen, wanted.accepted(), farther, wanted.spread());
  }
}
