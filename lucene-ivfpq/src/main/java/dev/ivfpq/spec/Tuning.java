// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.spec;

import org.apache.lucene.index.VectorSimilarityFunction;

/**
 * The efforts that a segment recommends for recall@10 of .90, .95 and .99, measured where it is
 * large enough, else by rule.
 *
 * @param estimateError 99.9 % of estimated distances are at most this much too large; 0: not
 *     measured
 * @param at90 for .90
 * @param at95 for .95, which is also the default
 * @param at99 for .99
 */
public record Tuning(float estimateError, Effort at90, Effort at95, Effort at99) {
  /** What a query gets that asks for no recall. */
  public static final float DEFAULT_RECALL = .95f;

  /**
   * Lists with more vectors than this hold the nearest ones of a query in fewer lists: the more
   * vectors, the nearer are neighbours.
   */
  private static final double FULL_LIST = 400;

  /**
   * By rule, nothing measured: what voices whose speakers are not in the field need.
   *
   * @param n number of vectors
   */
  public static Tuning byRule(VectorSimilarityFunction similarity, int nlist, int n) {
    return byRule(similarity, nlist).grown(similarity, nlist, 0, n);
  }

  private static Tuning byRule(VectorSimilarityFunction similarity, int nlist) {
    // An inner product's estimates are coarser beside the gaps between neighbours' scores, most of
    // all where vectors differ in length.
    return switch (similarity) {
      case EUCLIDEAN, COSINE -> byRule(nlist, 25, .25f, 2.5f, 10);
      case DOT_PRODUCT -> byRule(nlist, 25, Float.POSITIVE_INFINITY, 3, 16);
      case MAXIMUM_INNER_PRODUCT -> byRule(nlist, 17, Float.POSITIVE_INFINITY, 3, 64);
    };
  }

  /**
   * @param share one in so many lists is scanned, and 15 more, before hits tell whether to go on
   * @param slack how much farther than the k-th hit a list may be, half and twice as much for .90
   *     and .99 (ARCHITECTURE.md, "Lists far beside the hits are not scanned")
   */
  private static Tuning byRule(int nlist, int share, float slack, float margin, float kFactor) {
    return new Tuning(
        0,
        Effort.of(Math.min(nlist, 7 + nlist / (2 * share)), 1 + slack / 2, 2, kFactor / 2),
        Effort.of(Math.min(nlist, 15 + nlist / share), 1 + slack, margin, kFactor),
        Effort.of(Math.min(nlist, 30 + 2 * nlist / share), 1 + 2 * slack, 3.5f, 2.4f * kFactor));
  }

  /**
   * That of the same lists with another number of vectors: at 1M x 256 in 1,014 lists, .64 times as
   * many lists as by their number alone give recall .966 instead of .970 (.993 instead of .994 for
   * .99). Inner products were not looked at, and .90 needs them all.
   *
   * @param before number of vectors that it is for
   * @param after number of vectors that there are
   */
  public Tuning grown(VectorSimilarityFunction similarity, int nlist, long before, long after) {
    boolean euclidean =
        similarity == VectorSimilarityFunction.EUCLIDEAN
            || similarity == VectorSimilarityFunction.COSINE;
    double times = share(nlist, after) / share(nlist, before);
    if (!euclidean || times == 1) {
      return this;
    }
    Effort scaled95 = scaled(at95, nlist, times);
    Effort least90 = at90.nprobe() <= scaled95.nprobe() ? at90 : scaled(at90, nlist, times);
    return new Tuning(estimateError, least90, scaled95, scaled(at99, nlist, times));
  }

  private static double share(int nlist, long n) {
    return Math.min(1, Math.sqrt(FULL_LIST * nlist / Math.max(1, n)));
  }

  private static Effort scaled(Effort effort, int nlist, double times) {
    int nprobe = (int) Math.max(1, Math.min(nlist, Math.round(times * effort.nprobe())));
    return effort.withNprobe(nprobe);
  }

  /** Whether the efforts were measured, not told by a rule. */
  public boolean isMeasured() {
    return estimateError > 0;
  }

  /** The least effort that reaches {@code recall}, or else the largest. */
  public Effort at(float recall) {
    return recall <= .90f ? at90 : recall <= .95f ? at95 : at99;
  }

  /** The least effort that scans as many lists as the query asks for, or else the largest. */
  public Effort at(int nprobe) {
    return nprobe <= at90.nprobe() ? at90 : nprobe <= at95.nprobe() ? at95 : at99;
  }

  /**
   * How many accepted vectors a query sees at most where a filter leaves {@code m}: more than it
   * would see in a segment of those alone, since these lists were not made for them.
   *
   * @param effort what the query would do without a filter
   */
  public long seen(Effort effort, long m) {
    double byDefault = 100 + 4.8 * Math.pow(m, .65);
    return (long) Math.min(m, byDefault * effort.nprobe() / at95.nprobe());
  }
}
