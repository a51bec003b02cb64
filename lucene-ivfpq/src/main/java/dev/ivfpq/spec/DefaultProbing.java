// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.spec;

import org.apache.lucene.index.VectorSimilarityFunction;

/**
 * The query settings a segment recommends, for recall@10 of .95 or more.
 *
 * @param nprobe lists to scan
 * @param kFactor candidates to re-rank per hit
 */
public record DefaultProbing(int nprobe, float kFactor) {

  /**
   * An inner product's estimates are coarser beside the gaps between neighbours' scores, most of
   * all where vectors differ in length.
   */
  public static DefaultProbing of(VectorSimilarityFunction similarity, int nlist) {
    float kFactor =
        switch (similarity) {
          case EUCLIDEAN, COSINE -> 8;
          case DOT_PRODUCT -> 16;
          case MAXIMUM_INNER_PRODUCT -> 64;
        };
    return new DefaultProbing(Math.min(nlist, 16 + nlist / 16), kFactor);
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
