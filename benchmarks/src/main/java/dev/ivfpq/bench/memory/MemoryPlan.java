// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.memory;

import dev.ivfpq.bench.merge.MergeSystem;
import java.util.List;

/**
 * What is to be compared.
 *
 * @param systems each as it comes
 * @param limits bytes that a searching process gets; 0 for no limit
 * @param target recall of graphs: the least queue that reaches it is used throughout
 * @param k neighbours a query
 * @param seconds to warm up before a pass over the queries, and most that the pass may take
 * @param searchHeap of a searching JVM, as for -Xmx
 * @param indexHeap of an indexing JVM
 */
public record MemoryPlan(
    List<MergeSystem> systems,
    List<Long> limits,
    double target,
    int k,
    double seconds,
    String searchHeap,
    String indexHeap) {

  /** Checks the numbers. */
  public MemoryPlan {
    if (systems.isEmpty() || limits.isEmpty()) {
      throw new IllegalArgumentException("there must be a system and a limit");
    }
    if (systems.contains(MergeSystem.FLAT)) {
      throw new IllegalArgumentException("flat is raw vectors alone and cannot be searched");
    }
    if (!(target > 0 && target <= 1)) {
      throw new IllegalArgumentException("target must be in (0, 1], got " + target);
    }
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1, got " + k);
    }
    if (!(seconds > 0)) {
      throw new IllegalArgumentException("seconds must be more than 0, got " + seconds);
    }
  }
}
