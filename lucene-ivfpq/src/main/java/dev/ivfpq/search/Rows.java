// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import java.io.IOException;

/** The raw vectors of the lists that a {@link Walk} visits, for one query. */
interface Rows {
  /** How many there are. */
  int size();

  /** The ordinal of the vector in a slot that the walk offered. */
  int ordinal(long slot) throws IOException;

  /**
   * Scores vectors that were counted as visited, and collects them.
   *
   * @param ordinals ascending
   * @param scores out, as many; NaN where there is none
   */
  void score(int[] ordinals, int count, float[] scores) throws IOException;

  /** Collects a vector by a score that is not exact. */
  void collect(int ordinal, float score) throws IOException;

  /**
   * Whether the collector turns out to take every vector above a score.
   *
   * @param best score so far; -Infinity for none
   */
  boolean turnsOutRange(float best);

  /** What to throw where two lists hold the same vector. */
  IOException heldTwice(int ordinal) throws IOException;
}
