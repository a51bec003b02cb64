// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

import dev.ivfpq.bench.data.VectorRows;
import dev.ivfpq.bench.run.IndexKind;
import dev.ivfpq.bench.run.Setting;
import java.io.IOException;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.MergePolicy;
import org.apache.lucene.index.MergeTrigger;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.Directory;

/** Writes rows into segments of a wanted size, and merges them all at once. */
final class SegmentWriter {
  private SegmentWriter() {}

  /** A row as a document. */
  static Document document(float[] row) {
    Document document = new Document();
    document.add(new KnnFloatVectorField(Setting.FIELD, row, VectorSimilarityFunction.EUCLIDEAN));
    return document;
  }

  /** Adds rows [from, to) in {@code segments} segments of equal size, by one writer. */
  static void append(
      Directory directory, IndexKind kind, VectorRows rows, int from, int to, int segments)
      throws IOException {
    IndexWriterConfig config =
        config(kind)
            .setMergePolicy(NoMergePolicy.INSTANCE)
            .setMaxBufferedDocs(Math.max(2, Math.ceilDiv(to - from, segments)))
            .setRAMBufferSizeMB(IndexWriterConfig.DISABLE_AUTO_FLUSH);
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (int row = from; row < to; row++) {
        writer.addDocument(document(rows.row(row)));
      }
    }
  }

  /**
   * A writer that merges only when told to, and then all segments in one go, in their order:
   * document i stays row i.
   */
  static IndexWriter merger(Directory directory, IndexKind kind, ConcurrentMergeScheduler scheduler)
      throws IOException {
    LogDocMergePolicy policy =
        new LogDocMergePolicy() {
          @Override
          public MergePolicy.MergeSpecification findMerges(
              MergeTrigger trigger, SegmentInfos infos, MergeContext context) {
            return null;
          }
        };
    policy.setMergeFactor(Integer.MAX_VALUE);
    policy.setNoCFSRatio(0);
    return new IndexWriter(
        directory, config(kind).setMergePolicy(policy).setMergeScheduler(scheduler));
  }

  private static IndexWriterConfig config(IndexKind kind) {
    return new IndexWriterConfig(null).setUseCompoundFile(false).setCodec(kind.codec());
  }
}
