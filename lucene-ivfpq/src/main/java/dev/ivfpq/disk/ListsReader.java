// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.disk;

import dev.ivfpq.kernel.CodeBlocks;
import java.io.IOException;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.RandomAccessInput;
import org.apache.lucene.util.LongValues;
import org.apache.lucene.util.packed.DirectReader;

/** One search's view of a field's lists. Not safe for use by several threads. */
public final class ListsReader {
  private final IndexInput file;
  private final FieldMeta meta;
  private final ListDirectory directory;
  private final LongValues ordinals;

  /**
   * @param file the segment's lists file; not moved
   */
  public ListsReader(IndexInput file, FieldMeta meta) throws IOException {
    this.file = file;
    this.meta = meta;
    FieldMeta.Lists lists = meta.lists();
    long directoryOffset = lists.listsOffset() + lists.blocksLength();
    long ordinalsOffset = directoryOffset + lists.directoryLength();
    long end = lists.listsOffset() + lists.listsLength();
    this.directory =
        new ListDirectory(randomAccess(directoryOffset, lists.directoryLength()), file, meta);
    this.ordinals =
        DirectReader.getInstance(
            randomAccess(ordinalsOffset, end - ordinalsOffset), meta.ordinalBits());
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
    long previous = -1;
    for (int i = 0; i < count; i++) {
      long ordinal = ordinals.get(slot + i);
      if (ordinal <= previous || ordinal >= meta.n()) {
        ordinal(slot + i);
      }
      previous = ordinal;
      out[i] = (int) ordinal;
    }
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
