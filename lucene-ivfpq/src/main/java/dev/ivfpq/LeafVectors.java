// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import dev.ivfpq.search.IvfPqVectorsReader;
import dev.ivfpq.search.SnapshotSearch;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FilterLeafReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.VectorEncoding;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.Weight;

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

  /** The same; null also if the vectors are bytes. */
  static IvfPqVectorsReader ofFloats(LeafReader leaf, String field) {
    FieldInfo info = leaf.getFieldInfos().fieldInfo(field);
    return info != null
            && info.getVectorDimension() > 0
            && info.getVectorEncoding() == VectorEncoding.FLOAT32
        ? of(leaf, field)
        : null;
  }

  /**
   * A segment to be searched beside others.
   *
   * @param leaf that holds the field, of float vectors in this format
   * @param filter null to accept all live documents
   */
  static SnapshotSearch.Segment segment(LeafReaderContext leaf, String field, Weight filter) {
    return new SnapshotSearch.Segment(
        of(leaf.reader(), field), leaf.docBase, accepted(leaf, filter));
  }

  /**
   * The live documents of a leaf that a filter accepts.
   *
   * @param filter null to accept them all
   */
  static AcceptDocs accepted(LeafReaderContext leaf, Weight filter) {
    LeafReader reader = leaf.reader();
    if (filter == null) {
      return AcceptDocs.fromLiveDocs(reader.getLiveDocs(), reader.maxDoc());
    }
    return AcceptDocs.fromIteratorSupplier(
        () -> {
          Scorer scorer = filter.scorer(leaf);
          return scorer == null ? DocIdSetIterator.empty() : scorer.iterator();
        },
        reader.getLiveDocs(),
        reader.maxDoc());
  }
}
