// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.ListDirectory;
import dev.ivfpq.disk.ListsReader;
import java.io.IOException;
import org.apache.lucene.util.SparseFixedBitSet;

/**
 * The accepted ordinals of a field by the lists that hold them, found by going through the lists
 * that are asked for, each of which is asked for once.
 */
final class ListedOrdinals implements AcceptedByList {
  private final AcceptedOrdinals accepted;
  private final ListsReader lists;

  /** Damaged lists may hold a vector twice, which no list by itself tells. */
  private final SparseFixedBitSet met;

  private int[] ordinals = {};

  /**
   * @param n vectors of the field
   */
  ListedOrdinals(AcceptedOrdinals accepted, ListsReader lists, int n) {
    this.accepted = accepted;
    this.lists = lists;
    this.met = new SparseFixedBitSet(n);
  }

  @Override
  public int size(int list) throws IOException {
    ListDirectory.Entry entry = lists.directory().entry(list);
    if (ordinals.length < entry.size()) {
      ordinals = new int[2 * entry.size()];
    }
    int size = accepted.ordinals(lists, entry, ordinals);
    for (int i = 0; i < size; i++) {
      if (met.getAndSet(ordinals[i])) {
        throw lists.heldTwice(ordinals[i]);
      }
    }
    return size;
  }

  @Override
  public int ordinal(int list, int i) {
    return ordinals[i];
  }
}
