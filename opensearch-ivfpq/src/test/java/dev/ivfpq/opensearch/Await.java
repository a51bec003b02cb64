// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.Callable;

/** Waits for what other nodes do in their own time. */
final class Await {
  private static final long SECONDS = 30;

  private Await() {}

  /** Fails if the value has not become the expected one in half a minute. */
  static <T> void equal(T expected, Callable<T> value) throws Exception {
    long end = System.nanoTime() + SECONDS * 1_000_000_000;
    while (!expected.equals(value.call()) && System.nanoTime() < end) {
      Thread.sleep(50);
    }
    assertEquals(expected, value.call());
  }
}
