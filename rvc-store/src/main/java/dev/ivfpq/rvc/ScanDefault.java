// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.IvfPqSearchParameters;

/**
 * How thoroughly frames are searched where a query does not say: chosen by a measurement on
 * held-out clips.
 *
 * @param nprobe lists scanned in each segment, at least 1
 * @param kFactor candidates scored exactly, as a multiple of k, at least 1
 * @param recall what was measured with it, the share of the true neighbours found
 */
public record ScanDefault(int nprobe, float kFactor, double recall) {
  /** Checks that they can be used. */
  public ScanDefault {
    IvfPqSearchParameters.DEFAULT.withNprobe(nprobe).withKFactor(kFactor);
  }

  /** The same for a query. */
  public IvfPqSearchParameters parameters() {
    return IvfPqSearchParameters.DEFAULT.withNprobe(nprobe).withKFactor(kFactor);
  }
}
