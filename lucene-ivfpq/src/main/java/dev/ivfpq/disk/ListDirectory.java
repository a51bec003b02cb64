// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.disk;

import dev.ivfpq.kernel.CodeBlocks;
import java.io.IOException;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.RandomAccessInput;

/**
 * Where each list's blocks start and how many vectors it holds. Each entry is checked when it is
 * read: the file's checksum is not.
 */
public final class ListDirectory {
  private final RandomAccessInput entries;
  private final IndexInput file;
  private final FieldMeta meta;

  ListDirectory(RandomAccessInput entries, IndexInput file, FieldMeta meta) {
    this.entries = entries;
    this.file = file;
    this.meta = meta;
  }

  /** One list. */
  public record Entry(int firstBlock, int size) {
    public int blocks() {
      return (size + CodeBlocks.BLOCK - 1) / CodeBlocks.BLOCK;
    }
  }

  /** Appends the directory of lists of these sizes, in this order. */
  public static void write(IndexOutput out, int[] sizes) throws IOException {
    int firstBlock = 0;
    for (int size : sizes) {
      Entry entry = new Entry(firstBlock, size);
      out.writeInt(entry.firstBlock());
      out.writeInt(entry.size());
      firstBlock += entry.blocks();
    }
  }

  /**
   * The entry of {@code list}.
   *
   * @throws CorruptIndexException if it points outside the field's blocks, or does not end where
   *     the next list starts
   */
  public Entry entry(int list) throws IOException {
    long at = (long) list * FieldMeta.Lists.DIRECTORY_ENTRY_BYTES;
    Entry entry = new Entry(entries.readInt(at), entries.readInt(at + Integer.BYTES));
    int blocks = meta.lists().blocks();
    int end =
        list + 1 < meta.lists().nlist()
            ? entries.readInt(at + FieldMeta.Lists.DIRECTORY_ENTRY_BYTES)
            : blocks;
    if (entry.size() < 0
        || entry.size() > meta.n()
        || entry.firstBlock() < 0
        || end > blocks
        || entry.firstBlock() != end - entry.blocks()) {
      throw new CorruptIndexException(
          "list "
              + list
              + " of "
              + entry.size()
              + " vectors at block "
              + entry.firstBlock()
              + " does not fit the field's "
              + meta.n()
              + " vectors in "
              + blocks
              + " blocks, or the next list at block "
              + end
              + "; restore the segment from a copy or re-index",
          file);
    }
    return entry;
  }
}
