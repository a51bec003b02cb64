// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel;

import java.util.Random;

/**
 * Blocks of random codes and terms, with the codes kept beside them.
 *
 * @param codes (64 * count, M), one a byte
 * @param bytes the packed blocks
 */
record RandomBlocks(int count, int M, byte[] codes, byte[] bytes) {

  /** The last block is half padding. */
  static RandomBlocks of(Random random, int count, int M) {
    int blockBytes = CodeBlocks.blockBytes(M);
    byte[] codes = new byte[count * CodeBlocks.BLOCK * M];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) random.nextInt(16);
    }
    byte[] bytes = new byte[count * blockBytes];
    for (int i = 0; i < count * CodeBlocks.BLOCK; i++) {
      int block = i / CodeBlocks.BLOCK * blockBytes;
      int slot = i % CodeBlocks.BLOCK;
      if (slot == 0) {
        CodeBlocks.clear(bytes, block, M);
      }
      CodeBlocks.put(bytes, block, slot, codes, i * M, M);
      if (i < count * CodeBlocks.BLOCK - CodeBlocks.BLOCK / 2) {
        CodeBlocks.putTerm(bytes, block, slot, (float) random.nextGaussian() * 100, M);
      }
    }
    return new RandomBlocks(count, M, codes, bytes);
  }

  /** A table whose entries are at most what {@code 32767 / M} leaves for each. */
  static byte[] lut(Random random, int M) {
    byte[] lut = new byte[M * 16];
    for (int i = 0; i < lut.length; i++) {
      lut[i] = (byte) random.nextInt(largestEntry(M) + 1);
    }
    return lut;
  }

  static int largestEntry(int M) {
    return Math.min(63, Short.MAX_VALUE / M);
  }

  /** Sum of the entries of one vector, from its codes and not from the blocks. */
  int sum(int i, byte[] lut) {
    int sum = 0;
    for (int m = 0; m < M; m++) {
      sum += lut[m * 16 + codes[i * M + m]];
    }
    return sum;
  }
}
