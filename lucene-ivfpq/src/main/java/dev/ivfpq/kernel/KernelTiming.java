// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.lucene.store.ByteBuffersDataInput;
import org.apache.lucene.store.ByteBuffersIndexInput;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.NoLockFactory;

/**
 * Best times of kernels over the same blocks.
 *
 * <p>Width alone does not tell: a 512-bit byte permute is one instruction on one machine and an
 * emulation in Java, a thousand times slower, on another. Nor do first impressions: until the
 * second compiler has seen a kernel, which takes seconds, the widest and the narrowest differ by
 * what they cost in the interpreter.
 *
 * @param kernels what was timed
 * @param nanos for each kernel its best time for one block
 */
record KernelTiming(List<FastScanKernel> kernels, double[] nanos) {

  private static final int M = 64;
  private static final int BLOCKS = 4;

  /** The second compiler was seen at work from 5,000 to 8,000 scanned blocks on. */
  private static final int ROUNDS = 10_000;

  /** Enough for all rounds unless the machine is busy or a kernel is emulated. */
  private static final long BUDGET_NANOS = 5_000_000_000L;

  /** Takes seconds, during which the kernels become fully compiled. */
  static KernelTiming of(List<FastScanKernel> kernels) throws IOException {
    Path image = Path.of(System.getProperty("java.home"), "lib", "modules");
    // Bytes do not matter, but a mapped file does: kernels compiled for arrays would be thrown away
    // by the compiler at their first mapped block. The JVM's own image is there and in memory.
    try (var directory = new MMapDirectory(image.getParent(), NoLockFactory.INSTANCE);
        IndexInput blocks =
            directory.openInput(image.getFileName().toString(), IOContext.DEFAULT)) {
      return of(kernels, blocks);
    } catch (IOException | RuntimeException e) {
      byte[] bytes = new byte[BLOCKS * CodeBlocks.blockBytes(M)];
      var input = new ByteBuffersDataInput(List.of(ByteBuffer.wrap(bytes)));
      return of(kernels, new ByteBuffersIndexInput(input, "timing"));
    }
  }

  private static KernelTiming of(List<FastScanKernel> kernels, IndexInput blocks)
      throws IOException {
    double[] nanos = new double[kernels.size()];
    Arrays.fill(nanos, Double.POSITIVE_INFINITY);
    BlockScanner[] scanners = new BlockScanner[kernels.size()];
    for (int i = 0; i < scanners.length; i++) {
      scanners[i] = kernels.get(i).scanner(blocks.clone(), M, new byte[M * 16], 1);
    }
    Survivors survivors = new Survivors(BLOCKS * CodeBlocks.BLOCK);
    long end = System.nanoTime() + BUDGET_NANOS;
    for (int round = 0; round < ROUNDS && System.nanoTime() - end < 0; round++) {
      for (int i = 0; i < scanners.length; i++) {
        long start = System.nanoTime();
        scanners[i].scan(0, BLOCKS, 0, Float.NEGATIVE_INFINITY, null, survivors);
        nanos[i] = Math.min(nanos[i], (System.nanoTime() - start) / (double) BLOCKS);
      }
    }
    return new KernelTiming(kernels, nanos);
  }

  FastScanKernel fastest() {
    int fastest = 0;
    for (int i = 1; i < nanos.length; i++) {
      if (nanos[i] < nanos[fastest]) {
        fastest = i;
      }
    }
    return kernels.get(fastest);
  }

  FastScanKernel slowest() {
    int slowest = 0;
    for (int i = 1; i < nanos.length; i++) {
      if (nanos[i] > nanos[slowest]) {
        slowest = i;
      }
    }
    return kernels.get(slowest);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("ns a block:");
    for (int i = 0; i < nanos.length; i++) {
      text.append(String.format(Locale.ROOT, " %s %.0f", kernels.get(i).name(), nanos[i]));
    }
    return text.toString();
  }
}
