// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.spec;

/**
 * How much a query does.
 *
 * @param nprobe lists to scan
 * @param halves how often half as many more are scanned at most, as long as the last ones gave one
 *     of the k best candidates
 * @param reach how many times as far as the k-th hit so far a list may be that is still scanned
 *     after the first sixth of {@code nprobe}, in squared distances; +Infinity scans them all
 * @param margin how sure re-ranking must be that no candidate competes any more, in deviations of
 *     the estimates' error
 * @param kFactor most candidates to re-rank per hit
 */
public record Effort(int nprobe, int halves, float reach, float margin, float kFactor) {
  /** What a query that names no nprobe may add. */
  private static final int HALVES = 4;

  /** That of a query that names no nprobe. */
  public static Effort of(int nprobe, float reach, float margin, float kFactor) {
    return new Effort(nprobe, HALVES, reach, margin, kFactor);
  }

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
    return new Effort(nprobe, halves, Float.POSITIVE_INFINITY, margin, kFactor);
  }

  /** The same with other lists. */
  public Effort withNprobe(int lists) {
    return new Effort(lists, halves, reach, margin, kFactor);
  }

  /** The same with another cap on candidates. */
  public Effort withKFactor(float most) {
    return new Effort(nprobe, halves, reach, margin, most);
  }

  /** So many times as many lists, however far. */
  public Effort widened(int times) {
    int lists = (int) Math.min(Integer.MAX_VALUE, (long) times * nprobe);
    return new Effort(lists, 0, Float.POSITIVE_INFINITY, margin, kFactor);
  }

  /** The larger of each number. */
  public Effort max(Effort other) {
    return new Effort(
        Math.max(nprobe, other.nprobe),
        Math.max(halves, other.halves),
        Math.max(reach, other.reach),
        Math.max(margin, other.margin),
        Math.max(kFactor, other.kFactor));
  }
}
