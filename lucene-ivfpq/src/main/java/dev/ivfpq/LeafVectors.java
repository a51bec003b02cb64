// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import dev.ivfpq.search.IvfPqVectorsReader;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.FilterLeafReader;
import org.apache.lucene.index.LeafReader;

/** Finds what this format keeps of a segment under Lucene's readers. */
final class LeafVectors {
  private LeafVectors() {}

  /** The reader of {@code field}; null if the segment holds no such field of this format. */
  static IvfPqVectorsReader of(LeafReader leaf, String field) {
    if (!(FilterLeafReader.unwrap(leaf) instanceof CodecReader reader)) {
      return null;
    }
    return IvfPqVectorsReader.of(reader.getVectorReader(), field);
  }
}
