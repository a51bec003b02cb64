// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ivfpq.IvfPqFieldStats;
import java.util.Locale;

/** What one check found over all queries. */
final class Tally {
  private final String line;
  private final int vectors;
  private long queries;
  private long found;
  private long wanted;
  private long visited;

  Tally(String set, String check, IvfPqFieldStats stats, Probing probing) {
    this.line =
        String.format(
            Locale.ROOT,
            "%s | %s | %d, %d, %s",
            set,
            check,
            stats.nlist(),
            probing.nprobe(),
            number(probing.kFactor()));
    this.vectors = stats.size();
  }

  private static String number(float value) {
    return value == (int) value ? "" + (int) value : "" + value;
  }

  /**
   * Adds one query.
   *
   * @param found true hits among those returned
   * @param wanted true hits there are
   * @param visited vectors the search visited
   */
  void add(long found, long wanted, long visited) {
    this.queries++;
    this.found += found;
    this.wanted += wanted;
    this.visited += visited;
  }

  double recall() {
    return (double) found / wanted;
  }

  double visitedShare() {
    return (double) visited / ((double) queries * vectors);
  }

  void print() {
    System.out.println(this);
  }

  void assertRecall(double least) {
    assertTrue(recall() >= least, () -> this + ": recall must be at least " + least);
  }

  void assertAllFound() {
    assertTrue(found == wanted, () -> this + ": " + found + " of " + wanted + " found");
  }

  void assertVisitedBelow(double share) {
    assertTrue(visitedShare() < share, () -> this + ": must visit less than " + share);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s | %.4f | %.1f %%", line, recall(), 100 * visitedShare());
  }
}
