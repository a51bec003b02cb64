// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.MergePolicy;

/** Lucene's default scheduler, its threads as it chooses them, which counts merges. */
final class CountingScheduler extends ConcurrentMergeScheduler {
  private final AtomicInteger merges = new AtomicInteger();

  @Override
  protected void doMerge(MergeSource source, MergePolicy.OneMerge merge) throws IOException {
    merges.incrementAndGet();
    super.doMerge(source, merge);
  }

  int merges() {
    return merges.get();
  }
}
