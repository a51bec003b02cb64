// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.write;

import dev.ivfpq.disk.FieldMeta;
import java.io.IOException;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.util.packed.DirectWriter;
import org.apache.lucene.util.packed.PackedInts;

/**
 * The list of each vector of a field, by ordinal, put together from lists of ordinals. Goes through
 * the ordinals in windows, since lists come in another order and only a window is on the heap.
 */
final class ListMembers {
  private final int n;
  private final int nlist;
  private final PackedInts.Mutable window;
  private DirectWriter writer;
  private long first;

  /**
   * For the first window.
   *
   * @param n number of vectors
   * @param windowSize vectors in a window, at most
   */
  ListMembers(int n, int nlist, int windowSize) {
    this.n = n;
    this.nlist = nlist;
    // One more value than lists: the vector has none yet.
    this.window =
        PackedInts.getMutable(
            Math.min(n, windowSize), PackedInts.bitsRequired(nlist), PackedInts.COMPACT);
    window.fill(0, window.size(), nlist);
  }

  /** Ordinals outside the window are ignored. */
  void set(int ordinal, int list) {
    long at = ordinal - first;
    if (at >= 0 && at < window.size()) {
      window.set((int) at, list);
    }
  }

  /** Writes the window, which must be filled. */
  void write(IndexOutput out) throws IOException {
    if (writer == null) {
      writer = DirectWriter.getInstance(out, n, FieldMeta.Lists.memberBits(nlist));
    }
    int count = (int) Math.min(window.size(), n - first);
    for (int i = 0; i < count; i++) {
      long list = window.get(i);
      if (list == nlist) {
        throw new CorruptIndexException(
            "none of the lists holds ordinal "
                + (first + i)
                + " of "
                + n
                + "; restore the segments that are merged from a copy or re-index",
            out.getName());
      }
      writer.add(list);
    }
    if (first + count == n) {
      writer.finish();
    }
  }

  /** Goes on to the next window, empty; returns false if that was the last one. */
  boolean nextWindow() {
    first += window.size();
    if (first >= n) {
      return false;
    }
    window.fill(0, window.size(), nlist);
    return true;
  }
}
