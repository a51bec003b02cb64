// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SideBySideTest {
  private final AtomicInteger closed = new AtomicInteger();

  private record Opened(int number, AtomicInteger closed) implements Closeable {
    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  private Callable<Opened> opener(int number) {
    return () -> new Opened(number, closed);
  }

  @Test
  @Timeout(60)
  void testTwoAtOnceAndAllInOrder() throws IOException {
    CountDownLatch both = new CountDownLatch(2);
    Callable<Opened> first =
        () -> {
          both.countDown();
          both.await();
          return new Opened(1, closed);
        };
    Callable<Opened> second =
        () -> {
          both.countDown();
          both.await();
          return new Opened(2, closed);
        };
    List<Opened> open = SideBySide.open(2, List.of(first, second, opener(3)));
    assertEquals(List.of(1, 2, 3), open.stream().map(Opened::number).toList());
    assertEquals(0, closed.get());
  }

  @Test
  void testWhereOneFailsAllOthersAreClosed() {
    Callable<Opened> failing =
        () -> {
          throw new IOException("no space left");
        };
    List<Callable<Opened>> openers = List.of(opener(1), failing, opener(3));
    IOException e = assertThrows(IOException.class, () -> SideBySide.open(2, openers));
    assertEquals("no space left", e.getMessage());
    assertEquals(2, closed.get());
  }
}
