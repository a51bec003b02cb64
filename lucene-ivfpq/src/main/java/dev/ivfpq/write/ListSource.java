// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.write;

import java.io.Closeable;
import java.io.IOException;

/** Vectors whose lists, terms and codes are known, to be read list by list. */
interface ListSource {
  /** A new pass over the lists, for one thread. */
  Pass open() throws IOException;

  /** Visits lists in ascending order. */
  interface Pass extends Closeable {
    /** Goes to a list; returns how many vectors of the written segment it holds. */
    int load(int list) throws IOException;

    /**
     * The ordinal, in the written segment, of the i-th vector of the list; ascending for each
     * source.
     */
    int ordinal(int i) throws IOException;

    /** Puts the codes and the term of the i-th vector of the list in a slot of a block. */
    void copyTo(int i, byte[] block, int slot) throws IOException;
  }
}
