// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

/**
 * Searching while indexing.
 *
 * @param seconds it takes, or less if all vectors are indexed before
 * @param documentsASecond that are added
 * @param queriesASecond that each thread asks
 * @param threads that search
 */
public record NrtPlan(int seconds, int documentsASecond, int queriesASecond, int threads) {
  /** Checks all numbers. */
  public NrtPlan {
    atLeastOne("nrt-seconds", seconds);
    atLeastOne("nrt-documents", documentsASecond);
    atLeastOne("nrt-queries", queriesASecond);
    atLeastOne("nrt-threads", threads);
  }

  /** The same for at most so many seconds. */
  NrtPlan first(int most) {
    return new NrtPlan(Math.min(most, seconds), documentsASecond, queriesASecond, threads);
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, got " + value);
    }
  }
}
