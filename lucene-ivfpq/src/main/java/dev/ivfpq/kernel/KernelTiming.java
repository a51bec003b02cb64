// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.lucene.store.ByteBuffersDataInput;
import org.apache.lucene.store.ByteBuffersIndexInput;

/**
 * Best times of kernels over the same blocks.
 *
 * <p>The kernels take turns until their times stop falling (before that, interpreter and first-tier
 * compiler are timed) or the time is up. Width alone does not tell: a 512-bit byte permute is one
 * instruction on one machine and an emulation in Java on another.
 *
 * @param kernels what was timed
 * @param nanos for each kernel its best time for one block
 */
record KernelTiming(List<FastScanKernel> kernels, double[] nanos) {

  private static final int M = 64;
  private static final int BLOCKS = 16;

  /** {@code semantics.md} 4 grants 100 ms; a call that runs over the end is paid from the rest. */
  private static final long BUDGET_NANOS = 90_000_000;

  /** Rounds without a better time for any kernel after which times have stopped falling. */
  private static final int STEADY_ROUNDS = 400;

  static KernelTiming of(List<FastScanKernel> kernels) {
    double[] nanos = new double[kernels.size()];
    Arrays.fill(nanos, Double.POSITIVE_INFINITY);
    BlockScanner[] scanners = new BlockScanner[kernels.size()];
    byte[] blocks = new byte[BLOCKS * CodeBlocks.blockBytes(M)];
    Random random = new Random(1);
    random.nextBytes(blocks);
    byte[] lut = new byte[M * 16];
    for (int i = 0; i < lut.length; i++) {
      lut[i] = (byte) random.nextInt(64);
    }
    for (int i = 0; i < scanners.length; i++) {
      var input = new ByteBuffersDataInput(List.of(ByteBuffer.wrap(blocks)));
      scanners[i] = kernels.get(i).scanner(new ByteBuffersIndexInput(input, "timing"), M, lut, 1);
    }
    Survivors survivors = new Survivors(BLOCKS * CodeBlocks.BLOCK);
    long end = System.nanoTime() + BUDGET_NANOS;
    try {
      for (int steady = 0; steady < STEADY_ROUNDS && System.nanoTime() < end; steady++) {
        for (int i = 0; i < scanners.length && System.nanoTime() < end; i++) {
          long start = System.nanoTime();
          scanners[i].scan(0, BLOCKS, 0, Float.NEGATIVE_INFINITY, null, survivors);
          double time = (System.nanoTime() - start) / (double) BLOCKS;
          if (time < nanos[i] * .98) {
            steady = 0;
          }
          nanos[i] = Math.min(nanos[i], time);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new KernelTiming(kernels, nanos);
  }

  FastScanKernel fastest() {
    int best = 0;
    for (int i = 1; i < nanos.length; i++) {
      if (nanos[i] < nanos[best]) {
        best = i;
      }
    }
    return kernels.get(best);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("ns a block");
    for (int i = 0; i < nanos.length; i++) {
      text.append(String.format(Locale.ROOT, ", %s %.0f", kernels.get(i).name(), nanos[i]));
    }
    return text.toString();
  }
}
