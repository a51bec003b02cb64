// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.lucene.store.IndexInput;

/**
 * The scalar kernel until a thread in the background has timed all of them, then the fastest.
 *
 * <p>A vector kernel costs 20 to 60 ms a block in the interpreter, and seconds go by until it is
 * compiled; the scalar kernel is at its few microseconds after some hundred blocks. Since all
 * kernels return the same bits, a change between two scans shows in nothing but time.
 *
 * <p>A vector kernel that stays slower than the scalar one is either emulated on this machine or,
 * because the machine is busy, not compiled yet. So up to {@value #ATTEMPTS} attempts are made
 * while there are scans to do, and what is fastest so far is used between them.
 */
final class TimedChoice implements FastScanKernel {
  private static final int ATTEMPTS = 12;

  /** Scalar first. */
  private final List<FastScanKernel> kernels;

  private final Consumer<String> log;
  private volatile FastScanKernel current;
  private volatile boolean settled;

  private boolean underWay;
  private int attempts;

  /**
   * Times nothing yet.
   *
   * @param kernels what there is, the scalar one first
   * @param log told the outcome
   */
  TimedChoice(List<FastScanKernel> kernels, Consumer<String> log) {
    this.kernels = kernels;
    this.log = log;
    this.current = kernels.get(0);
  }

  @Override
  public String name() {
    return current.name();
  }

  @Override
  public BlockScanner scanner(IndexInput blocks, int M, byte[] lut, float scale) {
    if (!settled) {
      start();
    }
    return current.scanner(blocks, M, lut, scale);
  }

  /** Waits until the choice is final. */
  synchronized FastScanKernel await() throws InterruptedException {
    while (!settled) {
      start();
      wait();
    }
    return current;
  }

  /** Starts an attempt unless one is under way or none is needed. */
  private synchronized void start() {
    if (!settled && !underWay) {
      underWay = true;
      attempts++;
      Thread thread = new Thread(this::time, "ivfpq-kernel-choice");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void time() {
    boolean certain = true;
    String why;
    try {
      KernelTiming timing = KernelTiming.of(kernels);
      current = timing.fastest();
      certain = timing.slowest() == kernels.get(0);
      why = "chosen by time, " + timing;
    } catch (IOException | RuntimeException | Error e) {
      // Nothing may pass by here, or the choice would wait for this attempt for ever.
      why = "as timing failed: " + e;
    }
    boolean last;
    synchronized (this) {
      underWay = false;
      last = certain || attempts == ATTEMPTS;
      settled = last;
      notifyAll();
    }
    if (last) {
      log.accept("kernel " + current.name() + ", " + why);
    }
  }
}
