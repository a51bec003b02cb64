// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.ListsReader;
import java.io.IOException;

/** The raw vectors of one segment. */
record SegmentRows(int size, ListsReader lists, ExactScorer exact) implements Rows {

  @Override
  public int ordinal(long slot) throws IOException {
    return lists.ordinal(slot);
  }

  @Override
  public void score(int[] ordinals, int count, float[] scores) throws IOException {
    exact.score(ordinals, count, scores);
  }

  @Override
  public void collect(int ordinal, float score) {
    exact.collect(ordinal, score);
  }

  @Override
  public boolean turnsOutRange(float best) {
    return exact.turnsOutRange(best);
  }

  @Override
  public IOException heldTwice(int ordinal) {
    return lists.heldTwice(ordinal);
  }
}
