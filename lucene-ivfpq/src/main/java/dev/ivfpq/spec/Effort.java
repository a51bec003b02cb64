// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.spec;

/**
 * How much a query does.
 *
 * @param nprobe most lists to scan
 * @param spread how many times as far as the nearest list a list may be that is still scanned after
 *     the first sixth of {@code nprobe}, in squared distances; +Infinity scans them all (Chen et
 *     al., "SPANN", NeurIPS 2021, section 3.2)
 * @param margin how sure re-ranking must be that no candidate competes any more, in deviations of
 *     the estimates' error
 * @param kFactor most candidates to re-rank per hit
 */
public record Effort(int nprobe, float spread, float margin, float kFactor) {

  /** Whether the list at a place, so many times as far as the nearest one, is scanned. */
  public boolean scans(int place, float farther) {
    return goesOn(place, nprobe, farther, spread);
  }

  /**
   * The same with other numbers.
   *
   * @param done how much was done before
   * @param most how much is to be done at most
   */
  public static boolean goesOn(long done, long most, float farther, float spread) {
    return done < most && (6 * done < most || !(farther > spread));
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
        Math.max(spread, other.spread),
        Math.max(margin, other.margin),
        Math.max(kFactor, other.kFactor));
  }
}
