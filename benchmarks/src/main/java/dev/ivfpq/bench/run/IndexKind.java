// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.SerialMergeScheduler;

/**
 * How vectors are indexed.
 *
 * @param name in tables and as a folder's name
 * @param format what Lucene's writer is given
 */
public record IndexKind(String name, KnnVectorsFormat format) {
  static final double RAM_BUFFER_MB = 256;

  /** Lucene's codec with this format for every field: the same instance, whoever asks. */
  public Codec codec() {
    return new Lucene104Codec() {
      @Override
      public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
        return format;
      }
    };
  }

  /**
   * How an index of it is written, without compound files and in one thread.
   *
   * @param n number of documents
   * @param segments 1: to be merged into one; more: about as many, of equal size, never merged
   */
  public IndexWriterConfig writerConfig(int n, int segments) {
    IndexWriterConfig config =
        new IndexWriterConfig(null)
            .setUseCompoundFile(false)
            .setMergeScheduler(new SerialMergeScheduler())
            .setCodec(codec());
    if (segments > 1) {
      return config
          .setMergePolicy(NoMergePolicy.INSTANCE)
          .setMaxBufferedDocs(Math.max(2, Math.ceilDiv(n, segments)))
          .setRAMBufferSizeMB(IndexWriterConfig.DISABLE_AUTO_FLUSH);
    }
    LogDocMergePolicy policy = new LogDocMergePolicy();
    policy.setNoCFSRatio(0);
    return config.setMergePolicy(policy).setRAMBufferSizeMB(RAM_BUFFER_MB);
  }
}
