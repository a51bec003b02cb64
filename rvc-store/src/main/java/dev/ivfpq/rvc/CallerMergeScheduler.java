// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.util.concurrent.Executor;
import org.apache.lucene.index.MergePolicy.OneMerge;
import org.apache.lucene.index.SerialMergeScheduler;

/**
 * Merges in the thread that adds, so that a failed merge fails the add instead of printing from a
 * thread of its own; the work inside a merge is shared with the others of a pool.
 */
final class CallerMergeScheduler extends SerialMergeScheduler {
  private final WorkPool pool;

  CallerMergeScheduler(WorkPool pool) {
    this.pool = pool;
  }

  @Override
  public Executor getIntraMergeExecutor(OneMerge merge) {
    return pool.executor();
  }
}
