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
 * @param span vectors that are looked at to find those ({@link AcceptedOrdinals#span})
 * @param wanted accepted vectors to see
 * @param reach of the query ({@link Effort#reach})
 * @param queries that are answered together
 */
record FilterCost(
    int n, int d, int nlist, int M, int m, int span, long wanted, float reach, int queries) {
  /** What a query does with the accepted vectors. */
  enum Way {
    /** Scores them all. */
    ALL,
    /** Looks all of them up in their lists, scores those in the nearest ones. */
    GROUPED,
    /** Goes through the nearest lists for them, scores them. */
    LISTED,
    /** Scans the nearest lists, scores the best candidates. */
    WALKED
  }

  /** With no more accepted vectors than this all are seen, whatever the query asks for. */
  private static final int FEW = 256;

  /** Of looking up which list an accepted vector is in, and putting it there. */
  private static final double GROUPED = 6;

  /** Of testing whether a vector of a list is accepted, and going on to the next list. */
  private static final double TESTED = 1.5;

  private static final double LISTED = 100;

  /** Of putting a list in the order of the query; few walks need more than a tenth of them. */
  private static final double RANKED = 50;

  /** Of preparing a query. */
  private static final double PREPARED = 10_000;

  /**
   * That of a filter.
   *
   * @param meta of a field with lists, in one of the segments if there are several
   * @param n vectors of all segments
   * @param span of those
   * @param effort what the query would do without a filter: with one it sees no more vectors
   * @param k hits asked for
   */
  static FilterCost of(
      FieldMeta meta, int n, int accepted, int span, Effort effort, int k, int queries) {
    int m = Math.min(n, accepted);
    FieldMeta.Lists lists = meta.lists();
    long unfiltered = Math.max(FEW, (long) effort.nprobe() * n / lists.nlist());
    long seen = Math.min(lists.tuning().seen(effort, m), unfiltered);
    long wanted = Math.max(seen, k);
    return new FilterCost(
        n, meta.d(), lists.nlist(), lists.M(), m, span, wanted, effort.reach(), queries);
  }

  /** Whether a filter leaves so few vectors that there is nothing to choose. */
  static boolean isFew(int accepted, int k) {
    return accepted <= Math.max(FEW, k);
  }

  /** The cheapest way. */
  Way cheapest(int k) {
    Way way = all() < walked() ? Way.ALL : Way.WALKED;
    // A collector that asks for one hit may turn out to want all above a score.
    if (k > 1 && Math.min(grouped(), listed()) < Math.min(all(), walked())) {
      way = grouped() < listed() ? Way.GROUPED : Way.LISTED;
    }
    return way;
  }

  /**
   * How many lists to ask for if rows are scored: a power of two, so that segments of about one
   * size share what is prepared.
   */
  int ranked() {
    return Math.min(nlist, 2 * Integer.highestOneBit((int) likelyLists()));
  }

  /** Lists that are far beside the hits end a search, as a rule before half is seen. */
  private double likelyLists() {
    double seen = Float.isInfinite(reach) ? wanted : wanted / 2.0;
    return Math.min(nlist, Math.ceil(seen * nlist / m));
  }

  private double all() {
    return m * row();
  }

  private double grouped() {
    return rows() + m * GROUPED / queries;
  }

  private double listed() {
    return rows() + likelyLists() * (LISTED + TESTED * span / nlist);
  }

  private double rows() {
    return PREPARED + nlist * RANKED + wanted * row();
  }

  /**
   * On average n / m vectors are passed for each accepted one, tested as a block or after they
   * survived the scan.
   */
  private double walked() {
    double passed = Math.min(n, (double) wanted * n / m);
    return PREPARED + passed * (3.2 + M / 50.0);
  }

  /** Between a row in the cache, some 36, and one from memory, some 90. */
  private double row() {
    return 40 + d / 8.0;
  }
}
