// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.tests.util.LuceneTestCase;

public class TestTimedChoice extends LuceneTestCase {

  public void testScalarScansUntilAnotherProvesFaster() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    BlockingQueue<String> log = new LinkedBlockingQueue<>();
    var fast = new StubKernel(() -> assertTrue(released.await(60, TimeUnit.SECONDS)));
    var choice = new TimedChoice(List.of(new ScalarKernel(), fast), log::add);
    assertNotSame(StubKernel.SCANNER, scanner(choice));
    assertEquals("scalar", choice.name());
    released.countDown();
    assertSame(fast, choice.await());
    assertEquals("stub", choice.name());
    assertSame(StubKernel.SCANNER, scanner(choice));
    String message = log.poll(60, TimeUnit.SECONDS);
    assertTrue(message, message.startsWith("kernel stub, chosen by time, ns a block: scalar "));
    assertNull("logged once", log.poll());
  }

  public void testKernelThatFailsLeavesScalar() throws Exception {
    assertScalarIsLeft(
        "java.lang.UnsupportedOperationException: no such instruction",
        () -> {
          throw new UnsupportedOperationException("no such instruction");
        });
  }

  /** As a mapped file gives when it is cut short. */
  public void testKernelThatEndsInAnErrorLeavesScalar() throws Exception {
    assertScalarIsLeft(
        "java.lang.InternalError: fault in a memory access",
        () -> {
          throw new InternalError("fault in a memory access");
        });
  }

  private static void assertScalarIsLeft(String reason, Work work) throws Exception {
    BlockingQueue<String> log = new LinkedBlockingQueue<>();
    var choice = new TimedChoice(List.of(new ScalarKernel(), new StubKernel(work)), log::add);
    assertEquals("scalar", choice.await().name());
    assertEquals("kernel scalar, as timing failed: " + reason, log.poll(60, TimeUnit.SECONDS));
    assertNull("logged once", log.poll());
  }

  private static BlockScanner scanner(FastScanKernel kernel) {
    return kernel.scanner(null, 2, new byte[32], 1);
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  /** Finds nothing, after some work. */
  private record StubKernel(Work work) implements FastScanKernel {
    /** Stands for a scanner made outside the timing, which always has blocks. */
    static final BlockScanner SCANNER = new StubScanner(() -> {});

    @Override
    public String name() {
      return "stub";
    }

    @Override
    public BlockScanner scanner(IndexInput blocks, int M, byte[] lut, float scale) {
      return blocks == null ? SCANNER : new StubScanner(work);
    }
  }

  private record StubScanner(Work work) implements BlockScanner {
    @Override
    public void scan(
        int firstBlock, int count, float base, float threshold, long[] accept, Survivors out)
        throws IOException {
      try {
        work.run();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    @Override
    public void sums(int block, short[] sums) {}
  }
}
