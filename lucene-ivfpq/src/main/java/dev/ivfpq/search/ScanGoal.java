// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.spec.Effort;
import java.io.IOException;

/**
 * How far a search is to go: so many lists and so many accepted vectors. Half as much is done again
 * as long as the last half gave one of the k best, which a hard query's does.
 */
final class ScanGoal {
  /** What was found so far. */
  @FunctionalInterface
  interface Best {
    /** A key of the k-th best, smaller when a better one has come; the same without k. */
    long kth(int k) throws IOException;
  }

  private final Effort effort;
  private final long wanted;
  private final int k;
  private int nprobe;
  private long accepted;
  private int halves;
  private boolean halfway;
  private long kth;

  /**
   * @param wanted accepted vectors to see, whatever the effort
   */
  ScanGoal(Effort effort, long wanted, int k) {
    this.effort = effort;
    this.wanted = wanted;
    this.k = k;
    this.nprobe = effort.nprobe();
    this.accepted = wanted;
  }

  /**
   * Whether a scan is to end; to be asked before every list.
   *
   * @param probed lists scanned so far
   * @param seen accepted vectors in them
   */
  boolean isReached(int probed, long seen, Best best) throws IOException {
    if (!halfway && effort.halves() > 0 && 2L * probed >= nprobe && 2 * seen >= accepted) {
      halfway = true;
      kth = best.kth(k);
    }
    if (probed < nprobe || seen < accepted) {
      return false;
    }
    if (halves == effort.halves()) {
      return true;
    }
    long before = kth;
    kth = best.kth(k);
    halves++;
    nprobe = probed + (effort.nprobe() + 1) / 2;
    accepted = seen + (wanted + 1) / 2;
    return kth == before;
  }
}
