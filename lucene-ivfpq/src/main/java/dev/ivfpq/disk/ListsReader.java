// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.disk;

import dev.ivfpq.kernel.CodeBlocks;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.RandomAccessInput;
import org.apache.lucene.util.LongValues;
import org.apache.lucene.util.packed.DirectReader;

/** One search's view of a field's lists. Not safe for use by several threads. */
public final class ListsReader {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final IndexInput file;
  private final FieldMeta meta;
  private final ListDirectory directory;
  private final RandomAccessInput packedOrdinals;
  private final int ordinalBits;
  private final LongValues ordinals;
  private final long membersAt;

  /** Null until it is asked for, which few queries do. */
  private LongValues members;

  /** The packed ordinals of one block, and room to read the last one as a long. */
  private final byte[] packed;

  /**
   * @param file the segment's lists file; not moved
   */
  public ListsReader(IndexInput file, FieldMeta meta) throws IOException {
    this.file = file;
    this.meta = meta;
    FieldMeta.Lists lists = meta.lists();
    this.ordinalBits = meta.ordinalBits();
    long at = lists.listsOffset() + lists.blocksLength();
    this.directory = new ListDirectory(randomAccess(at, lists.directoryLength()), file, meta);
    at += lists.directoryLength();
    this.packedOrdinals = randomAccess(at, lists.ordinalsLength(ordinalBits));
    this.ordinals = DirectReader.getInstance(packedOrdinals, ordinalBits);
    this.membersAt = at + lists.ordinalsLength(ordinalBits);
    this.packed = new byte[ordinalBits * CodeBlocks.BLOCK / Byte.SIZE + Long.BYTES];
  }

  /** Without a description: to put one together takes longer than the slice. */
  private RandomAccessInput randomAccess(long offset, long length) throws IOException {
    return file.slice(null, offset, length) instanceof RandomAccessInput random
        ? random
        : file.randomAccessSlice(offset, length);
  }

  public ListDirectory directory() {
    return directory;
  }

  /** A new input over the field's blocks, block 0 at position 0. */
  public IndexInput blocks() throws IOException {
    return file.slice(null, meta.lists().listsOffset(), meta.lists().blocksLength());
  }

  /**
   * The ordinal of the vector in a slot.
   *
   * @param slot counted from the field's first block
   * @throws CorruptIndexException if it is not below the number of vectors, or not above the
   *     ordinal in the slot before it in its block
   */
  public int ordinal(long slot) throws IOException {
    long ordinal = ordinals.get(slot);
    if (ordinal >= meta.n()) {
      throw corrupt(slot, ordinal, "the field has " + meta.n() + " vectors");
    }
    if (slot % CodeBlocks.BLOCK != 0 && ordinal <= ordinals.get(slot - 1)) {
      throw corrupt(slot, ordinal, "the slot before it " + ordinals.get(slot - 1));
    }
    return (int) ordinal;
  }

  /**
   * The ordinals of the vectors in the first slots of a block.
   *
   * @param slot the block's first
   * @param count at most {@value CodeBlocks#BLOCK}
   * @param out ordinals, ascending
   * @throws CorruptIndexException as {@link #ordinal}
   */
  public void ordinals(long slot, int count, int[] out) throws IOException {
    packedOrdinals.readBytes(slot * ordinalBits / Byte.SIZE, packed, 0, packed.length - Long.BYTES);
    long mask = (1L << ordinalBits) - 1;
    long previous = -1;
    long wrong = 0;
    for (int i = 0; i < count; i++) {
      int bit = i * ordinalBits;
      long ordinal = (long) LONG.get(packed, bit / Byte.SIZE) >>> bit % Byte.SIZE & mask;
      wrong |= ordinal - previous - 1;
      previous = ordinal;
      out[i] = (int) ordinal;
    }
    // Negative if one of the differences is: tested once, so that the loop has no branch.
    if ((wrong | meta.n() - 1 - previous) < 0) {
      for (int i = 0; i < count; i++) {
        ordinal(slot + i);
      }
    }
  }

  /**
   * The list that holds the vector of an ordinal.
   *
   * @throws CorruptIndexException if there is no such list
   */
  public int listOf(int ordinal) throws IOException {
    if (members == null) {
      FieldMeta.Lists lists = meta.lists();
      members =
          DirectReader.getInstance(
              randomAccess(membersAt, lists.membersLength(meta.n())), lists.memberBits());
    }
    long list = members.get(ordinal);
    if (list >= meta.lists().nlist()) {
      throw new CorruptIndexException(
          "ordinal "
              + ordinal
              + " is said to be in list "
              + list
              + ", the field has "
              + meta.lists().nlist()
              + " lists; restore the segment from a copy or re-index",
          file);
    }
    return (int) list;
  }

  private CorruptIndexException corrupt(long slot, long ordinal, String but) {
    return new CorruptIndexException(
        "slot "
            + slot
            + " holds ordinal "
            + ordinal
            + ", "
            + but
            + "; restore the segment from a copy or re-index",
        file);
  }

  /** What to throw where two lists hold the same vector. */
  public CorruptIndexException heldTwice(int ordinal) {
    return new CorruptIndexException(
        "two lists hold ordinal " + ordinal + "; restore the segment from a copy or re-index",
        file);
  }
}
