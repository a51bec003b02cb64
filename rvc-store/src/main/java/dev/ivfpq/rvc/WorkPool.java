// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.util.NamedThreadFactory;

/** The threads of one piece of work beside the caller's; none until there is something to do. */
final class WorkPool implements AutoCloseable {
  /** Null where the caller works alone. */
  private final ExecutorService others;

  WorkPool(WorkThreads threads) {
    int count = threads.most() - 1;
    others =
        count == 0
            ? null
            : new ThreadPoolExecutor(
                count,
                count,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new NamedThreadFactory("ivfpq-store"));
  }

  /** Runs tasks of which the caller does its share while it waits. */
  Executor executor() {
    return others == null ? Runnable::run : others;
  }

  /** Runs tasks for which the caller does nothing but wait; null where the caller works alone. */
  ExecutorService others() {
    return others;
  }

  @Override
  public void close() {
    if (others != null) {
      others.close();
    }
  }
}
