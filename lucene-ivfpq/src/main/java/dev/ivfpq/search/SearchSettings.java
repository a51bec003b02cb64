// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.spec.Effort;
import dev.ivfpq.spec.Tuning;

/**
 * What one query asks of each segment.
 *
 * @param nprobe lists to scan; 0 takes what the recall needs
 * @param kFactor candidates to re-rank per hit, all of them; 0 re-ranks as many as the recall needs
 * @param recall recall@10 to reach; 0 takes the default
 */
public record SearchSettings(int nprobe, float kFactor, float recall) {
  /** Candidates that a query is worth re-ranking by default, however few hits it asks for. */
  private static final int LEAST_POOL = 32;

  /** What that is in a segment of this tuning, for k hits. */
  Effort effort(Tuning tuning, int k) {
    Effort tuned =
        nprobe > 0 && recall == 0
            ? tuning.at(nprobe)
            : tuning.at(recall > 0 ? recall : Tuning.DEFAULT_RECALL);
    return new Effort(
        nprobe > 0 ? nprobe : tuned.nprobe(),
        nprobe > 0 ? 0 : tuned.halves(),
        // By rule alone nothing is known of how far the lists of neighbours are.
        nprobe > 0 || !tuning.isMeasured() ? Float.POSITIVE_INFINITY : tuned.reach(),
        kFactor > 0 ? Float.POSITIVE_INFINITY : tuned.margin(),
        kFactor > 0 ? kFactor : Math.max(tuned.kFactor(), (float) LEAST_POOL / k));
  }
}
