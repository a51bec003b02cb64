// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel.panama;

import dev.ivfpq.kernel.BlockScanner;
import dev.ivfpq.kernel.CodeBlocks;
import dev.ivfpq.kernel.FastScanKernel;
import dev.ivfpq.kernel.Survivors;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.apache.lucene.store.IndexInput;

/**
 * {@link dev.ivfpq.kernel.ScalarKernel} in 512-bit vectors: a vector holds one row of a block.
 *
 * <pre>
 * byte lane      0         1         2         3         ...   62        63
 * row p          slot 0    slot 32   slot 1    slot 33         slot 31   slot 63
 *                each byte: sub-quantizer 2p in the low nibble, 2p + 1 in the high one
 * table of m     the 16 entries of sub-quantizer m, four times
 *
 * short lane     0                   1                   ...   31
 * even bytes     slot 0              slot 1                    slot 31
 * odd bytes      slot 32             slot 33                   slot 63
 * </pre>
 *
 * <p>{@code selectFrom} takes indexes modulo the 64 lanes, where any of the four copies of a table
 * will do. So the upper bits of an index need no mask of ours: they are the byte's other nibble or,
 * after the shift of a short, bits of the byte next to it.
 *
 * <p>An entry is at most 63, so four fit in a byte: nothing is carried from an even byte to an odd
 * one. The scale of the table keeps every sum within a signed short.
 *
 * <p>Adding up and filtering are two methods because the compiler stops inlining when a method has
 * grown too large, and a vector that is passed to a call becomes an object on the heap.
 */
final class Kernel512 implements FastScanKernel {
  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_512;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;

  /** As many shorts as {@link #FLOATS} has floats. */
  private static final VectorSpecies<Short> HALF_SHORTS = ShortVector.SPECIES_256;

  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final int ROW = CodeBlocks.BLOCK;

  /** Bytes of one table. */
  private static final int TABLE = 64;

  /** The first 16 bytes four times. */
  private static final VectorShuffle<Byte> FOUR_TIMES =
      VectorShuffle.fromOp(BYTES, lane -> lane % 16);

  @Override
  public String name() {
    return "512";
  }

  @Override
  public BlockScanner scanner(IndexInput blocks, int M, byte[] lut, float scale) {
    return new Scanner(blocks, M, lut, scale);
  }

  private static final class Scanner implements BlockScanner {
    private final InputMemory blocks;
    private final int rows;
    private final int blockBytes;
    private final float scale;

    /** (2 * rows, TABLE): a row of zeros at the end if M is odd. */
    private final byte[] tables;

    private final short[] sums = new short[CodeBlocks.BLOCK];
    private final float[] estimates = new float[CodeBlocks.BLOCK];

    Scanner(IndexInput blocks, int M, byte[] lut, float scale) {
      this.blocks = new InputMemory(blocks);
      this.rows = CodeBlocks.rows(M);
      this.blockBytes = CodeBlocks.blockBytes(M);
      this.scale = scale;
      this.tables = new byte[2 * rows * TABLE];
      for (int m = 0; m < M; m++) {
        ByteVector entries = ByteVector.fromArray(ByteVector.SPECIES_128, lut, m * 16);
        ((ByteVector) entries.reinterpretShape(BYTES, 0))
            .rearrange(FOUR_TIMES)
            .intoArray(tables, m * TABLE);
      }
    }

    @Override
    public void scan(
        int firstBlock, int count, float base, float threshold, long[] accept, Survivors out)
        throws IOException {
      try {
        for (int b = 0; b < count; b++) {
          long accepted = accept == null ? -1L : accept[b];
          if (accepted != 0) {
            long at = blocks.load((long) (firstBlock + b) * blockBytes, blockBytes);
            add(blocks.segment(), at);
            long below = filter(blocks.segment(), at + rows * ROW, base, threshold);
            out.append(below & accepted, CodeBlocks.BLOCK * b, estimates);
          }
        }
      } catch (IllegalStateException e) {
        throw InputMemory.closed(e);
      }
    }

    @Override
    public void sums(int block, short[] sums) throws IOException {
      try {
        long at = blocks.load((long) block * blockBytes, blockBytes);
        add(blocks.segment(), at);
      } catch (IllegalStateException e) {
        throw InputMemory.closed(e);
      }
      System.arraycopy(this.sums, 0, sums, 0, CodeBlocks.BLOCK);
    }

    /** Adds up the table entries of the block at {@code at} into {@link #sums}. */
    private void add(MemorySegment segment, long at) {
      // Shorts of "even byte + 256 * odd byte", modulo 2^16, and of the odd bytes alone.
      ShortVector both = ShortVector.zero(SHORTS);
      ShortVector odd = ShortVector.zero(SHORTS);
      int p = 0;
      for (; p < rows - 1; p += 2) {
        // load
        ByteVector low0 = ByteVector.fromMemorySegment(BYTES, segment, at + p * ROW, LE);
        ByteVector low1 = ByteVector.fromMemorySegment(BYTES, segment, at + p * ROW + ROW, LE);
        ByteVector table0 = ByteVector.fromArray(BYTES, tables, 2 * p * TABLE);
        ByteVector table1 = ByteVector.fromArray(BYTES, tables, 2 * p * TABLE + TABLE);
        ByteVector table2 = ByteVector.fromArray(BYTES, tables, 2 * p * TABLE + 2 * TABLE);
        ByteVector table3 = ByteVector.fromArray(BYTES, tables, 2 * p * TABLE + 3 * TABLE);
        // split nibbles
        ByteVector high0 =
            low0.reinterpretAsShorts().lanewise(VectorOperators.LSHR, 4).reinterpretAsBytes();
        ByteVector high1 =
            low1.reinterpretAsShorts().lanewise(VectorOperators.LSHR, 4).reinterpretAsBytes();
        // look up
        ShortVector four =
            low0.selectFrom(table0)
                .add(high0.selectFrom(table1))
                .add(low1.selectFrom(table2))
                .add(high1.selectFrom(table3))
                .reinterpretAsShorts();
        // widen and add
        both = both.add(four);
        odd = odd.add(four.lanewise(VectorOperators.LSHR, 8));
      }
      if (p < rows) {
        ByteVector low0 = ByteVector.fromMemorySegment(BYTES, segment, at + p * ROW, LE);
        ByteVector table0 = ByteVector.fromArray(BYTES, tables, 2 * p * TABLE);
        ByteVector table1 = ByteVector.fromArray(BYTES, tables, 2 * p * TABLE + TABLE);
        ByteVector high0 =
            low0.reinterpretAsShorts().lanewise(VectorOperators.LSHR, 4).reinterpretAsBytes();
        ShortVector two =
            low0.selectFrom(table0).add(high0.selectFrom(table1)).reinterpretAsShorts();
        both = both.add(two);
        odd = odd.add(two.lanewise(VectorOperators.LSHR, 8));
      }
      // store
      both.sub(odd.lanewise(VectorOperators.LSHL, 8)).intoArray(sums, 0);
      odd.intoArray(sums, 32);
    }

    /**
     * Turns {@link #sums} into {@link #estimates}. Not by fma: the scalar kernel rounds the
     * product.
     *
     * @return the slots below the threshold, slot s as bit s
     */
    private long filter(MemorySegment segment, long terms, float base, float threshold) {
      long below = 0;
      for (int slot = 0; slot < CodeBlocks.BLOCK; slot += FLOATS.length()) {
        ShortVector sum = ShortVector.fromArray(HALF_SHORTS, sums, slot);
        FloatVector term =
            FloatVector.fromMemorySegment(FLOATS, segment, terms + slot * Float.BYTES, LE);
        FloatVector units = (FloatVector) sum.convertShape(VectorOperators.S2F, FLOATS, 0);
        FloatVector estimate = term.add(base).add(units.mul(scale));
        estimate.intoArray(estimates, slot);
        below |= estimate.lt(threshold).toLong() << slot;
      }
      return below;
    }
  }
}
