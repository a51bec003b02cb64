// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** The raw vectors of several segments, ordinals and slots being counted through all of them. */
final class SharedRows implements Rows {
  private final List<SnapshotSegment> segments;
  private final long[] firstSlots;
  private final int[] firstOrdinals;
  private final float[] target;
  private final SnapshotCollector collector;

  /** Made when the first candidate of a segment is to be scored: many segments hold none. */
  private final ExactScorer[] exact;

  /**
   * @param firstSlots where the slots of each segment start
   * @param firstOrdinals where the ordinals of each segment start, and the number of all
   */
  SharedRows(
      List<SnapshotSegment> segments,
      long[] firstSlots,
      int[] firstOrdinals,
      float[] target,
      SnapshotCollector collector) {
    this.segments = segments;
    this.firstSlots = firstSlots;
    this.firstOrdinals = firstOrdinals;
    this.target = target;
    this.collector = collector;
    this.exact = new ExactScorer[segments.size()];
  }

  @Override
  public int size() {
    return firstOrdinals[segments.size()];
  }

  @Override
  public int ordinal(long slot) throws IOException {
    int at = Arrays.binarySearch(firstSlots, slot);
    int segment = at < 0 ? -at - 2 : at;
    return firstOrdinals[segment]
        + segments.get(segment).vectors().lists().ordinal(slot - firstSlots[segment]);
  }

  @Override
  public void score(int[] ordinals, int count, float[] scores) throws IOException {
    int from = 0;
    while (from < count) {
      int segment = segmentOf(ordinals[from]);
      int first = firstOrdinals[segment];
      int to = from;
      while (to < count && ordinals[to] < firstOrdinals[segment + 1]) {
        to++;
      }
      int[] own = new int[to - from];
      for (int i = 0; i < own.length; i++) {
        own[i] = ordinals[from + i] - first;
      }
      float[] ownScores = new float[own.length];
      exact(segment).score(own, own.length, ownScores);
      System.arraycopy(ownScores, 0, scores, from, own.length);
      from = to;
    }
  }

  @Override
  public void collect(int ordinal, float score) throws IOException {
    int segment = segmentOf(ordinal);
    exact(segment).collect(ordinal - firstOrdinals[segment], score);
  }

  /** A snapshot is searched for the k best. */
  @Override
  public boolean turnsOutRange(float best) {
    return false;
  }

  @Override
  public IOException heldTwice(int ordinal) throws IOException {
    int segment = segmentOf(ordinal);
    return segments.get(segment).vectors().lists().heldTwice(ordinal - firstOrdinals[segment]);
  }

  private int segmentOf(int ordinal) {
    int at = Arrays.binarySearch(firstOrdinals, ordinal);
    return at < 0 ? -at - 2 : at;
  }

  private ExactScorer exact(int segment) throws IOException {
    if (exact[segment] == null) {
      exact[segment] = segments.get(segment).exact(target, collector);
    }
    return exact[segment];
  }
}
