// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.lucene.util.IOUtils;

/** Opens things that do not know of each other, several at a time. */
public final class SideBySide {
  private SideBySide() {}

  /**
   * Opens all.
   *
   * @param threads that work; 1 where it is timed how long each takes
   * @return what was opened, in the order of {@code openers}; the caller closes it
   * @throws IOException if one fails; all others are closed then
   */
  public static <T extends Closeable> List<T> open(int threads, List<Callable<T>> openers)
      throws IOException {
    List<T> open = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      for (Future<T> future : executor.invokeAll(openers)) {
        try {
          open.add(future.get());
        } catch (ExecutionException e) {
          failures.add(e.getCause());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failures.add(e);
    }
    if (!failures.isEmpty()) {
      IOUtils.closeWhileHandlingException(open);
      throw IOUtils.rethrowAlways(failures.getFirst());
    }
    return open;
  }
}
