// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro.panama;

import dev.ivfpq.bench.micro.ReadLoop;
import dev.ivfpq.kernel.CodeBlocks;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MemorySegmentAccessInput;

/** Loads of 256 bits, eight accumulators. Public, with a public constructor: loaded by name. */
public final class ReadLoop256 implements ReadLoop {
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_256;
  private static final int VECTOR = LONGS.vectorByteSize();
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

  private final MemorySegment blocks;
  private final int codeBytes;
  private final int blockBytes;

  /**
   * Reads a mapped file.
   *
   * @param blocks mapped in one piece
   * @param M a multiple of 16, so that the codes fill whole steps of the loop
   */
  public ReadLoop256(IndexInput blocks, int M) throws IOException {
    if (M % 16 != 0) {
      throw new IllegalArgumentException("M must be a multiple of 16, got M=" + M);
    }
    this.blocks = ((MemorySegmentAccessInput) blocks).segmentSliceOrNull(0, blocks.length());
    this.codeBytes = CodeBlocks.codeBytes(M);
    this.blockBytes = CodeBlocks.blockBytes(M);
  }

  @Override
  public long xor(int firstBlock, int count) {
    LongVector xor0 = LongVector.zero(LONGS);
    LongVector xor1 = LongVector.zero(LONGS);
    LongVector xor2 = LongVector.zero(LONGS);
    LongVector xor3 = LongVector.zero(LONGS);
    LongVector xor4 = LongVector.zero(LONGS);
    LongVector xor5 = LongVector.zero(LONGS);
    LongVector xor6 = LongVector.zero(LONGS);
    LongVector xor7 = LongVector.zero(LONGS);
    for (int block = firstBlock; block < firstBlock + count; block++) {
      long start = (long) block * blockBytes;
      for (int i = 0; i < codeBytes; i += 8 * VECTOR) {
        long at = start + i;
        xor0 = xor0.lanewise(VectorOperators.XOR, load(at));
        xor1 = xor1.lanewise(VectorOperators.XOR, load(at + VECTOR));
        xor2 = xor2.lanewise(VectorOperators.XOR, load(at + 2 * VECTOR));
        xor3 = xor3.lanewise(VectorOperators.XOR, load(at + 3 * VECTOR));
        xor4 = xor4.lanewise(VectorOperators.XOR, load(at + 4 * VECTOR));
        xor5 = xor5.lanewise(VectorOperators.XOR, load(at + 5 * VECTOR));
        xor6 = xor6.lanewise(VectorOperators.XOR, load(at + 6 * VECTOR));
        xor7 = xor7.lanewise(VectorOperators.XOR, load(at + 7 * VECTOR));
      }
    }
    xor0 = xor0.lanewise(VectorOperators.XOR, xor1);
    xor2 = xor2.lanewise(VectorOperators.XOR, xor3);
    xor4 = xor4.lanewise(VectorOperators.XOR, xor5);
    xor6 = xor6.lanewise(VectorOperators.XOR, xor7);
    xor0 = xor0.lanewise(VectorOperators.XOR, xor2);
    xor4 = xor4.lanewise(VectorOperators.XOR, xor6);
    return xor0.lanewise(VectorOperators.XOR, xor4).reduceLanes(VectorOperators.XOR);
  }

  private LongVector load(long at) {
    return LongVector.fromMemorySegment(LONGS, blocks, at, LE);
  }
}
