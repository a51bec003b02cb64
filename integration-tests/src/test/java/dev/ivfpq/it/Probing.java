// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import dev.ivfpq.IvfPqFieldStats;
import dev.ivfpq.IvfPqSearchParameters;

/**
 * Settings of a query, and what they come to in the one segment that is searched.
 *
 * @param parameters given with the query
 * @param nprobe lists that are scanned
 * @param kFactor candidates that are re-ranked for each hit
 */
record Probing(IvfPqSearchParameters parameters, int nprobe, float kFactor) {

  static Probing of(int nprobe, float kFactor) {
    return new Probing(
        IvfPqSearchParameters.DEFAULT.withNprobe(nprobe).withKFactor(kFactor), nprobe, kFactor);
  }

  /** What the segment does with a query that has no settings. */
  static Probing ofDefaults(IvfPqFieldStats stats) {
    return new Probing(IvfPqSearchParameters.DEFAULT, stats.nprobe(), stats.kFactor());
  }
}
