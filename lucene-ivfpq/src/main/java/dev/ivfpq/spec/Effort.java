// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.spec;

/**
 * How much a query does.
 *
 * @param nprobe most lists to scan
 * @param reach how many times as far as the k-th hit so far a list may be that is still scanned
 *     after the first sixth of {@code nprobe}, in squared distances; +Infinity scans them all
 * @param margin how sure re-ranking must be that no candidate competes any more, in deviations of
 *     the estimates' error
 * @param kFactor most candidates to re-rank per hit
 */
public record Effort(int nprobe, float reach, float margin, float kFactor) {

  /**
   * Whether so much is done without a look at how far lists are.
   *
   * @param done how much was done before
   * @param most how much is to be done at most
   */
  public static boolean isFirst(long done, long most) {
    return 6 * done < most;
  }

  /** The same lists, however far. */
  public Effort everywhere() {
    return new Effort(nprobe, Float.POSITIVE_INFINITY, margin, kFactor);
  }

  /** So many times as many lists, however far. */
  public Effort widened(int times) {
    int lists = (int) Math.min(Integer.MAX_VALUE, (long) times * nprobe);
    return new Effort(lists, Float.POSITIVE_INFINITY, margin, kFactor);
  }

  /** The larger of each number. */
  public Effort max(Effort other) {
    return new Effort(
        Math.max(nprobe, other.nprobe),
        Math.max(reach, other.reach),
        Math.max(margin, other.margin),
        Math.max(kFactor, other.kFactor));
  }
}
