// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import java.io.IOException;
import java.util.List;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.LeafReader;
import org.opensearch.index.mapper.FieldValueFetcher;

/** Reads a document's vector from the index, for a {@code _source} that is derived. */
final class VectorSource extends FieldValueFetcher {
  private final String field;

  VectorSource(String field, String simpleName) {
    super(simpleName);
    this.field = field;
  }

  @Override
  public List<Object> fetch(LeafReader reader, int doc) throws IOException {
    FloatVectorValues vectors = reader.getFloatVectorValues(field);
    if (vectors == null) {
      return List.of();
    }
    DocIndexIterator documents = vectors.iterator();
    return documents.advance(doc) == doc
        ? List.of(vectors.vectorValue(documents.index()).clone())
        : List.of();
  }
}
