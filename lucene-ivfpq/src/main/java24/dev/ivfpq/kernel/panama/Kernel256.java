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
import jdk.incubator.vector.VectorSpecies;
import org.apache.lucene.store.IndexInput;

/**
 * {@link dev.ivfpq.kernel.ScalarKernel} in 256-bit vectors: a row of a block is two columns of 32
 * bytes, a vector each.
 *
 * <pre>
 * byte lane      0         1         2         3         ...   30        31
 * column 0       slot 0    slot 32   slot 1    slot 33         slot 15   slot 47
 * column 1       slot 16   slot 48   slot 17   slot 49         slot 31   slot 63
 *                each byte of row p: sub-quantizer 2p in the low nibble, 2p + 1 in the high one
 * table of m     the 16 entries of sub-quantizer m, twice
 *
 * short lane     0                   1                   ...   15
 * even bytes     slot 0              slot 1                    slot 15     of column 0
 * odd bytes      slot 32             slot 33                   slot 47
 * even bytes     slot 16             slot 17                   slot 31     of column 1
 * odd bytes      slot 48             slot 49                   slot 63
 * </pre>
 *
 * <p>{@code selectFrom} takes indexes modulo the 32 lanes, where either copy of a table will do. So
 * the upper bits of an index need no mask of ours: they are the byte's other nibble or, after the
 * shift of a short, bits of the byte next to it.
 *
 * <p>An entry is at most 63, so four fit in a byte: nothing is carried from an even byte to an odd
 * one. The scale of the table keeps every sum within a signed short.
 *
 * <p>Adding up and filtering are two methods because the compiler stops inlining when a method has
 * grown too large, and a vector that is passed to a call becomes an object on the heap.
 */
final class Kernel256 implements FastScanKernel {
  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_256;
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_256;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;

  /** As many shorts as {@link #FLOATS} has floats. */
  private static final VectorSpecies<Short> HALF_SHORTS = ShortVector.SPECIES_128;

  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final int ROW = CodeBlocks.BLOCK;

  /** Bytes of a row in one vector. */
  private static final int COLUMN = 32;

  /** Bytes of one table. */
  private static final int TABLE = 32;

  @Override
  public String name() {
    return "256";
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
        for (int at = m * TABLE; at < (m + 1) * TABLE; at += 16) {
          entries.intoArray(tables, at);
        }
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
      ShortVector both0 = ShortVector.zero(SHORTS);
      ShortVector odd0 = ShortVector.zero(SHORTS);
      ShortVector both1 = ShortVector.zero(SHORTS);
      ShortVector odd1 = ShortVector.zero(SHORTS);
      int p = 0;
      for (; p < rows - 1; p += 2) {
        // Names end in the row of the pair and the column: low01 is row 0, column 1.
        ByteVector table0 = ByteVector.fromArray(BYTES, tables, 2 * p * TABLE);
        ByteVector table1 = ByteVector.fromArray(BYTES, tables, 2 * p * TABLE + TABLE);
        ByteVector table2 = ByteVector.fromArray(BYTES, tables, 2 * p * TABLE + 2 * TABLE);
        ByteVector table3 = ByteVector.fromArray(BYTES, tables, 2 * p * TABLE + 3 * TABLE);
        long row0 = at + p * ROW;
        long row1 = row0 + ROW;
        // column 0
        ByteVector low00 = ByteVector.fromMemorySegment(BYTES, segment, row0, LE);
        ByteVector low10 = ByteVector.fromMemorySegment(BYTES, segment, row1, LE);
        ByteVector high00 =
            low00.reinterpretAsShorts().lanewise(VectorOperators.LSHR, 4).reinterpretAsBytes();
        ByteVector high10 =
            low10.reinterpretAsShorts().lanewise(VectorOperators.LSHR, 4).reinterpretAsBytes();
        ShortVector four0 =
            low00
                .selectFrom(table0)
                .add(high00.selectFrom(table1))
                .add(low10.selectFrom(table2))
                .add(high10.selectFrom(table3))
                .reinterpretAsShorts();
        both0 = both0.add(four0);
        odd0 = odd0.add(four0.lanewise(VectorOperators.LSHR, 8));
        // column 1
        ByteVector low01 = ByteVector.fromMemorySegment(BYTES, segment, row0 + COLUMN, LE);
        ByteVector low11 = ByteVector.fromMemorySegment(BYTES, segment, row1 + COLUMN, LE);
        ByteVector high01 =
            low01.reinterpretAsShorts().lanewise(VectorOperators.LSHR, 4).reinterpretAsBytes();
        ByteVector high11 =
            low11.reinterpretAsShorts().lanewise(VectorOperators.LSHR, 4).reinterpretAsBytes();
        ShortVector four1 =
            low01
                .selectFrom(table0)
                .add(high01.selectFrom(table1))
                .add(low11.selectFrom(table2))
                .add(high11.selectFrom(table3))
                .reinterpretAsShorts();
        both1 = both1.add(four1);
        odd1 = odd1.add(four1.lanewise(VectorOperators.LSHR, 8));
      }
      if (p < rows) {
        ByteVector table0 = ByteVector.fromArray(BYTES, tables, 2 * p * TABLE);
        ByteVector table1 = ByteVector.fromArray(BYTES, tables, 2 * p * TABLE + TABLE);
        long row0 = at + p * ROW;
        ByteVector low00 = ByteVector.fromMemorySegment(BYTES, segment, row0, LE);
        ByteVector high00 =
            low00.reinterpretAsShorts().lanewise(VectorOperators.LSHR, 4).reinterpretAsBytes();
        ShortVector two0 =
            low00.selectFrom(table0).add(high00.selectFrom(table1)).reinterpretAsShorts();
        both0 = both0.add(two0);
        odd0 = odd0.add(two0.lanewise(VectorOperators.LSHR, 8));
        ByteVector low01 = ByteVector.fromMemorySegment(BYTES, segment, row0 + COLUMN, LE);
        ByteVector high01 =
            low01.reinterpretAsShorts().lanewise(VectorOperators.LSHR, 4).reinterpretAsBytes();
        ShortVector two1 =
            low01.selectFrom(table0).add(high01.selectFrom(table1)).reinterpretAsShorts();
        both1 = both1.add(two1);
        odd1 = odd1.add(two1.lanewise(VectorOperators.LSHR, 8));
      }
      // store
      both0.sub(odd0.lanewise(VectorOperators.LSHL, 8)).intoArray(sums, 0);
      odd0.intoArray(sums, 32);
      both1.sub(odd1.lanewise(VectorOperators.LSHL, 8)).intoArray(sums, 16);
      odd1.intoArray(sums, 48);
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
