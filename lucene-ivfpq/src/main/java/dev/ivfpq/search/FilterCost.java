// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.spec.Effort;

/**
 * What the ways of answering a filtered query cost, in nanoseconds of one thread of an AVX-512
 * server of 2025 (ARCHITECTURE.md, "Filters").
 *
 * @param n vectors of the field
 * @param d dimensions
 * @param nlist number of lists
 * @param M number of sub-quantizers
 * @param m accepted vectors
 * @param wanted accepted vectors to see
 */
record FilterCost(int n, int d, int nlist, int M, int m, Wanted wanted) {
  /** With no more accepted vectors than this all are seen, whatever the query asks for. */
  private static final int FEW = 256;

  /** Of looking up which list an accepted vector is in, and putting it there. */
  private static final double GROUPED = 6;

  /** Of putting a list in the order of the query; few walks need more than a tenth of them. */
  private static final double RANKED = 50;

  /** Of preparing a query. */
  private static final double PREPARED = 10_000;

  /**
   * That of a filter.
   *
   * @param meta of a field with lists, in one of the segments if there are several
   * @param n vectors of all segments
   * @param effort what the query would do without a filter: with one it sees no more vectors
   * @param k hits asked for
   */
  static FilterCost of(FieldMeta meta, int n, int accepted, Effort effort, int k) {
    int m = Math.min(n, accepted);
    FieldMeta.Lists lists = meta.lists();
    long unfiltered = Math.max(FEW, (long) effort.nprobe() * n / lists.nlist());
    long seen = Math.min(lists.tuning().seen(effort, m), unfiltered);
    // By rule alone nothing is known of how far the lists of neighbours are.
    float spread = lists.tuning().isMeasured() ? effort.spread() : Float.POSITIVE_INFINITY;
    Wanted wanted = new Wanted(Math.max(seen, k), spread);
    return new FilterCost(n, meta.d(), lists.nlist(), lists.M(), m, wanted);
  }

  /** Whether a filter leaves so few vectors that there is nothing to choose. */
  static boolean isFew(int accepted, int k) {
    return accepted <= Math.max(FEW, k);
  }

  /** Scoring all accepted vectors. */
  double all() {
    return m * row();
  }

  /** Looking up the lists of all, scoring those in the nearest ones. */
  double grouped() {
    return PREPARED + nlist * RANKED + m * GROUPED + wanted.accepted() * row();
  }

  /**
   * Walking the nearest lists: on average n / m vectors are passed for each accepted one, tested as
   * a block or after they survived the scan.
   */
  double walked() {
    double passed = Math.min(n, (double) wanted.accepted() * n / m);
    return PREPARED + passed * (3.2 + M / 50.0);
  }

  /** Between a row in the cache, some 36, and one from memory, some 90. */
  private double row() {
    return 40 + d / 8.0;
  }
}
