// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ivfpq.kernel.BlockScanner;
import dev.ivfpq.kernel.FastScanKernel;
import dev.ivfpq.kernel.Kernels;
import dev.ivfpq.kernel.ScalarKernel;
import dev.ivfpq.kernel.Survivors;
import java.io.IOException;
import org.apache.lucene.store.IndexInput;
import org.junit.jupiter.api.Test;

class ScanCheckTest {

  @Test
  void acceptsEveryKernelThatExists() throws IOException {
    try (BlockSet blocks = BlockSet.of(32, Where.SECOND_LEVEL_CACHE)) {
      for (String name : Kernels.available()) {
        new ScanCheck(Kernels.fastScan(name), blocks).run(2);
      }
    }
  }

  @Test
  void refusesSumsThatAreOneOff() throws IOException {
    assertRefused(new OneOff(1, 0), "kernel one-off, M=32, block 0: sums are [");
  }

  @Test
  void refusesDistancesThatAreOneBitOff() throws IOException {
    assertRefused(new OneOff(0, 1), "kernel one-off, M=32, block 0: survivors below ");
  }

  private static void assertRefused(FastScanKernel kernel, String start) throws IOException {
    try (BlockSet blocks = BlockSet.of(32, Where.SECOND_LEVEL_CACHE)) {
      ScanCheck check = new ScanCheck(kernel, blocks);
      String message = assertThrows(IllegalStateException.class, () -> check.run(1)).getMessage();
      assertTrue(message.startsWith(start), message);
    }
  }

  /** The scalar kernel with errors: in the last sum, and in the last bit of the last distance. */
  private record OneOff(int sum, int bit) implements FastScanKernel {

    @Override
    public String name() {
      return "one-off";
    }

    @Override
    public BlockScanner scanner(IndexInput blocks, int M, byte[] lut, float scale) {
      BlockScanner right = new ScalarKernel().scanner(blocks, M, lut, scale);
      return new BlockScanner() {
        @Override
        public void scan(
            int firstBlock, int count, float base, float threshold, long[] accept, Survivors out)
            throws IOException {
          right.scan(firstBlock, count, base, threshold, accept, out);
          if (out.size > 0) {
            int last = Float.floatToRawIntBits(out.distances[out.size - 1]);
            out.distances[out.size - 1] = Float.intBitsToFloat(last ^ bit);
          }
        }

        @Override
        public void sums(int block, short[] sums) throws IOException {
          right.sums(block, sums);
          sums[63] += (short) sum;
        }
      };
    }
  }
}
