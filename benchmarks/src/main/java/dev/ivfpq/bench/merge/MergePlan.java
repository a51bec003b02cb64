// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

import java.util.List;
import java.util.Set;

/**
 * What is to be measured.
 *
 * @param parts that are measured
 * @param systems in the order of their turns
 * @param bufferMb of the writer that uses default merges
 * @param segments that are merged at once
 * @param merges in sequence, each of as many new segments
 * @param searched numbers of segments that are searched
 * @param target recall to be reached by those searches
 * @param k neighbours asked for
 * @param rounds medians are taken over
 */
public record MergePlan(
    Set<MergePart> parts,
    List<MergeSystem> systems,
    double bufferMb,
    int segments,
    int merges,
    List<Integer> searched,
    double target,
    int k,
    int rounds) {
  /** Checks all numbers. */
  public MergePlan {
    if (!(bufferMb > 0)) {
      throw new IllegalArgumentException("buffer-mb must be above 0, got " + bufferMb);
    }
    if (!(target > 0 && target <= 1)) {
      throw new IllegalArgumentException("target must be in (0, 1], got " + target);
    }
    atLeast(2, "segments", segments);
    atLeast(1, "merges", merges);
    searched = searched.stream().sorted().toList();
    searched.forEach(count -> atLeast(1, "searched", count));
    atLeast(1, "k", k);
    atLeast(1, "rounds", rounds);
  }

  private static void atLeast(int least, String name, int value) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", got " + value);
    }
  }
}
