// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

import dev.ivfpq.kernel.CodeBlocks;
import java.io.IOException;
import org.apache.lucene.store.IndexInput;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A read loop over the bytes of which {@link KernelBenchmark#sums} makes sums: its limit. An
 * operation is the codes of one block.
 */
@State(Scope.Thread)
public class ReadBenchmark {
  /** Width of a load. */
  @Param({"256", "512"})
  public int bits;

  /** Number of sub-quantizers. */
  @Param({"32", "64", "128"})
  public int M;

  /** Where the blocks lie. */
  @Param({Where.L2, Where.MEMORY})
  public String where;

  private BlockSet blocks;
  private ReadLoop loop;
  private int first;

  /** Writes the blocks. */
  @Setup
  public void open() throws IOException {
    blocks = BlockSet.of(M, Where.named(where));
    loop = ReadLoop.of(bits, blocks.input(), M);
    check(BlockSet.RUN);
  }

  /** Checks more blocks, by now with compiled code. */
  @TearDown
  public void close() throws IOException {
    check(blocks.count());
    blocks.close();
  }

  private void check(int count) throws IOException {
    IndexInput input = blocks.input();
    long expected = 0;
    for (int block = 0; block < count; block++) {
      input.seek((long) block * CodeBlocks.blockBytes(M));
      for (int i = 0; i < CodeBlocks.codeBytes(M); i += Long.BYTES) {
        expected ^= input.readLong();
      }
    }
    long actual = 0;
    for (int block = 0; block < count; block += BlockSet.RUN) {
      actual ^= loop.xor(block, BlockSet.RUN);
    }
    if (actual != expected) {
      throw new IllegalStateException(
          "bits=%d, M=%d, %d blocks: the words' exclusive-or is %x, must be %x"
              .formatted(bits, M, count, actual, expected));
    }
  }

  /** One call a run of blocks. */
  @Benchmark
  @OperationsPerInvocation(BlockSet.RUN)
  public long read() {
    long xor = loop.xor(first, BlockSet.RUN);
    first = blocks.runAfter(first);
    return xor;
  }
}
