// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel;

import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.store.IndexInput;

/**
 * Defines what a scan returns, in plain Java: the other kernels are translations of this one. It is
 * also the kernel of JVMs without a usable vector module.
 */
public final class ScalarKernel implements FastScanKernel {

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public BlockScanner scanner(IndexInput blocks, int M, byte[] lut, float scale) {
    return new Scanner(blocks, M, lut, scale);
  }

  private static final class Scanner implements BlockScanner {
    private final IndexInput blocks;
    private final int M;
    private final float scale;

    /** (2 * rows, 16): the caller's table; a row of zeros behind it if M is odd. */
    private final byte[] lut;

    private final byte[] block;
    private final short[] sums = new short[CodeBlocks.BLOCK];

    Scanner(IndexInput blocks, int M, byte[] lut, float scale) {
      this.blocks = blocks;
      this.M = M;
      this.scale = scale;
      this.lut = Arrays.copyOf(lut, CodeBlocks.rows(M) * 32);
      this.block = new byte[CodeBlocks.blockBytes(M)];
    }

    @Override
    public void scan(
        int firstBlock, int count, float base, float threshold, long[] accept, Survivors out)
        throws IOException {
      for (int b = 0; b < count; b++) {
        long accepted = accept == null ? -1L : accept[b];
        if (accepted == 0) {
          continue;
        }
        sums(firstBlock + b, sums);
        for (int slot = 0; slot < CodeBlocks.BLOCK; slot++) {
          float estimate = (base + CodeBlocks.term(block, 0, slot, M)) + scale * sums[slot];
          if (estimate < threshold && (accepted >>> slot & 1) != 0) {
            out.positions[out.size] = CodeBlocks.BLOCK * b + slot;
            out.distances[out.size++] = estimate;
          }
        }
      }
    }

    @Override
    public void sums(int block, short[] sums) throws IOException {
      blocks.seek((long) block * this.block.length);
      blocks.readBytes(this.block, 0, this.block.length);
      for (int slot = 0; slot < CodeBlocks.BLOCK; slot++) {
        int at = CodeBlocks.byteOfSlot(slot);
        int sum = 0;
        for (int p = 0; p < CodeBlocks.rows(M); p++) {
          int pair = this.block[at + p * CodeBlocks.BLOCK];
          sum += lut[p * 32 + (pair & 15)] + lut[p * 32 + 16 + (pair >> 4 & 15)];
        }
        sums[slot] = (short) sum;
      }
    }
  }
}
