// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

/**
 * What came of searching with some effort.
 *
 * @param nprobe lists scanned in each segment; 0 for what each segment does by itself
 * @param kFactor candidates scored exactly, as a multiple of k; 0 likewise
 * @param recall share of the true neighbours found
 * @param micros microseconds a frame on one thread, distances included
 */
public record MeasuredEffort(int nprobe, float kFactor, double recall, double micros) {
  /** Whether this is what each segment does by itself. */
  public boolean isOwnDefault() {
    return nprobe == 0;
  }
}
