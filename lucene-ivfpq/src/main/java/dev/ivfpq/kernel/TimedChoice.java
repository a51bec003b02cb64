// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.apache.lucene.store.IndexInput;

/**
 * The scalar kernel until a thread in the background has timed all of them, then the fastest.
 *
 * <p>A vector kernel costs 20 to 60 ms a block in the interpreter, and a second or more goes by
 * until it is compiled; the scalar kernel is at its few microseconds after some hundred blocks.
 * Since all kernels return the same bits, who scans first is not seen but in the time it takes.
 */
final class TimedChoice implements FastScanKernel {
  private final CountDownLatch made = new CountDownLatch(1);
  private volatile FastScanKernel current = new ScalarKernel();

  /**
   * Starts timing.
   *
   * @param log told the outcome
   */
  static TimedChoice start(List<FastScanKernel> kernels, Consumer<String> log) {
    TimedChoice choice = new TimedChoice();
    Thread thread = new Thread(() -> choice.make(kernels, log), "ivfpq-kernel-choice");
    thread.setDaemon(true);
    thread.start();
    return choice;
  }

  private void make(List<FastScanKernel> kernels, Consumer<String> log) {
    try {
      KernelTiming timing = KernelTiming.of(kernels);
      current = timing.fastest();
      log.accept("kernel " + current.name() + ", chosen by time, " + timing);
    } catch (Exception | LinkageError e) {
      log.accept("kernel scalar, timing the others failed: " + e);
    } finally {
      made.countDown();
    }
  }

  /** Waits until the choice is made. */
  FastScanKernel await() throws InterruptedException {
    made.await();
    return current;
  }

  @Override
  public String name() {
    return current.name();
  }

  @Override
  public BlockScanner scanner(IndexInput blocks, int M, byte[] lut, float scale) {
    return current.scanner(blocks, M, lut, scale);
  }
}
