// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

import dev.ivfpq.kernel.BlockScanner;
import dev.ivfpq.kernel.CodeBlocks;
import dev.ivfpq.kernel.FastScanKernel;
import dev.ivfpq.kernel.Kernels;
import dev.ivfpq.kernel.Survivors;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The FastScan kernels. An operation is one block of 64 vectors. */
@State(Scope.Thread)
public class KernelBenchmark {
  /** Name of the kernel. */
  @Param({"scalar", "128", "256", "512"})
  public String kernel;

  /** Number of sub-quantizers. */
  @Param({"32", "64", "128"})
  public int M;

  /** Where the blocks lie. */
  @Param({Where.L2, Where.MEMORY})
  public String where;

  /**
   * Blocks scanned before JMH's own warm-up: the second compiler was seen at work on a vector
   * kernel from 5,000 to 8,000 blocks on, which a busy machine does not reach in seconds.
   */
  private static final int WARM_UP = 20_000;

  private static final long WARM_UP_NANOS = 20_000_000_000L;

  private final short[] sums = new short[CodeBlocks.BLOCK];
  private final Survivors survivors = new Survivors(BlockSet.RUN * CodeBlocks.BLOCK);
  private BlockSet blocks;
  private ScanCheck check;
  private BlockScanner scanner;
  private int first;

  /** Writes the blocks; checks few of them, as vector kernels start at 20 ms a block. */
  @Setup
  public void open() throws IOException {
    FastScanKernel named = Kernels.fastScan(kernel);
    blocks = BlockSet.of(M, Where.named(where));
    check = new ScanCheck(named, blocks);
    check.run(8);
    scanner = named.scanner(blocks.input(), M, blocks.lut(), BlockSet.SCALE);
    long end = System.nanoTime() + WARM_UP_NANOS;
    for (int i = 0; i < WARM_UP && System.nanoTime() - end < 0; i += 2 * BlockSet.RUN) {
      sums();
      scan();
    }
    first = 0;
  }

  /** Checks more blocks, by now with compiled code. */
  @TearDown
  public void close() throws IOException {
    check.run(1000);
    blocks.close();
  }

  /** The sums alone, one call a block. */
  @Benchmark
  @OperationsPerInvocation(BlockSet.RUN)
  public short[] sums() throws IOException {
    for (int block = first; block < first + BlockSet.RUN; block++) {
      scanner.sums(block, sums);
    }
    first = blocks.runAfter(first);
    return sums;
  }

  /** Sums, estimates and the comparison with a threshold that nothing passes, one call a run. */
  @Benchmark
  @OperationsPerInvocation(BlockSet.RUN)
  public Survivors scan() throws IOException {
    survivors.size = 0;
    scanner.scan(first, BlockSet.RUN, 1, Float.NEGATIVE_INFINITY, null, survivors);
    first = blocks.runAfter(first);
    return survivors;
  }
}
