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

  /** By rule, nothing measured: what voices whose speakers are not in the field need. */
  public static Tuning byRule(VectorSimilarityFunction similarity, int nlist) {
    // An inner product's estimates are coarser beside the gaps between neighbours' scores, most of
    // all where vectors differ in length.
    return switch (similarity) {
      case EUCLIDEAN, COSINE -> byRule(nlist, 24, 2, 2.5f, 10);
      case DOT_PRODUCT -> byRule(nlist, 24, Float.POSITIVE_INFINITY, 3, 16);
      case MAXIMUM_INNER_PRODUCT -> byRule(nlist, 16, Float.POSITIVE_INFINITY, 3, 64);
    };
  }

  private static Tuning byRule(int nlist, int share, float spread, float margin, float kFactor) {
    return new Tuning(
        0,
        new Effort(Math.min(nlist, 8 + nlist / (2 * share)), .8f * spread, 2, kFactor / 2),
        new Effort(Math.min(nlist, 16 + nlist / share), spread, margin, kFactor),
        new Effort(Math.min(nlist, 32 + 2 * nlist / share), 1.5f * spread, 3.5f, 2.4f * kFactor));
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
   * How many accepted vectors a query sees by default where a filter leaves {@code n}: what it
   * would see in a segment of those alone with 2 sqrt(n) lists, 8 sqrt(n) + n / 16, and a little
   * more, since these lists were not made for them.
   */
  public static long seen(long n) {
    return Math.min(n, (long) (10 * Math.sqrt(n)) + n / 16);
  }
}
