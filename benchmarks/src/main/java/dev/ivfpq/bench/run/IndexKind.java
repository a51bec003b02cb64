// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;

/**
 * How vectors are indexed.
 *
 * @param name in tables and as a folder's name
 * @param format what Lucene's writer is given
 */
public record IndexKind(String name, KnnVectorsFormat format) {
  /** Lucene's codec with this format for every field: the same instance, whoever asks. */
  public Codec codec() {
    return new Lucene104Codec() {
      @Override
      public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
        return format;
      }
    };
  }
}
