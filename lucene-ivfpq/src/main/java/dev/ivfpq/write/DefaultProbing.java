// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.write;

import dev.ivfpq.quant.Metric;

/**
 * The query settings a segment recommends, for recall@10 of .95 or more.
 *
 * @param nprobe lists to scan
 * @param kFactor candidates to re-rank per hit
 */
record DefaultProbing(int nprobe, float kFactor) {
  /** An inner product's estimates are coarser beside the gaps between neighbours' scores. */
  static DefaultProbing of(Metric metric, int nlist) {
    return new DefaultProbing(Math.min(nlist, 16 + nlist / 16), metric.isInnerProduct() ? 16 : 8);
  }
}
