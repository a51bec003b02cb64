// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.concurrent.Callable;

/** Waits for what other nodes do in their own time. */
final class Await {
  private static final long SECONDS = 60;

  private Await() {}

  /** Fails if the value has not become the expected one in a minute, or still cannot be had. */
  static <T> void equal(T expected, Callable<T> value) throws Exception {
    long end = System.nanoTime() + SECONDS * 1_000_000_000;
    while (System.nanoTime() < end) {
      try {
        if (expected.equals(value.call())) {
          return;
        }
      } catch (IOException e) {
        // A copy may be on its way; the last try, below, says what is wrong.
      }
      Thread.sleep(50);
    }
    assertEquals(expected, value.call());
  }
}
