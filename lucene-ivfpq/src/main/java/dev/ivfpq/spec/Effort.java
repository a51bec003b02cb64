// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.spec;

/**
 * How much a query does.
 *
 * @param nprobe lists to scan
 * @param margin how sure re-ranking must be that no candidate competes any more, in deviations of
 *     the estimates' error
 * @param kFactor most candidates to re-rank per hit
 */
public record Effort(int nprobe, float margin, float kFactor) {

  /** The larger of each number. */
  public Effort max(Effort other) {
    return new Effort(
        Math.max(nprobe, other.nprobe),
        Math.max(margin, other.margin),
        Math.max(kFactor, other.kFactor));
  }
}
