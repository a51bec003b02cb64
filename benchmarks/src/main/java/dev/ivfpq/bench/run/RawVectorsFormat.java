// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import java.io.IOException;
import java.util.Map;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.codecs.hnsw.FlatVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99FlatVectorsFormat;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.KnnCollector;

/**
 * What everything else is measured against: {@code Lucene99FlatVectorsFormat} alone, which copies
 * raw vectors and does nothing more, and whose search answers at once with the first k documents
 * that are accepted. Its merges cost what copying vectors costs; its queries cost what Lucene
 * around a search costs, filter included.
 */
public final class RawVectorsFormat extends KnnVectorsFormat {
  /** The name in the index. */
  public static final String NAME = "BenchRaw";

  /** As many as any format compared here. */
  private static final int MAX_DIMENSIONS = 4096;

  private final FlatVectorsFormat flat =
      new Lucene99FlatVectorsFormat(FlatVectorScorerUtil.getLucene99FlatVectorsScorer());

  /** Called by Lucene too, for every reader. */
  public RawVectorsFormat() {
    super(NAME);
  }

  @Override
  public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
    return flat.fieldsWriter(state);
  }

  @Override
  public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
    return new InstantReader(flat.fieldsReader(state));
  }

  @Override
  public int getMaxDimensions(String field) {
    return MAX_DIMENSIONS;
  }

  private static final class InstantReader extends KnnVectorsReader {
    private final KnnVectorsReader vectors;

    InstantReader(KnnVectorsReader vectors) {
      this.vectors = vectors;
    }

    @Override
    public void search(String field, float[] target, KnnCollector collector, AcceptDocs acceptDocs)
        throws IOException {
      answer(collector, acceptDocs);
    }

    @Override
    public void search(String field, byte[] target, KnnCollector collector, AcceptDocs acceptDocs)
        throws IOException {
      answer(collector, acceptDocs);
    }

    /**
     * Scores fall, so that no segment's last hit is among the best of all: Lucene would search that
     * segment once more.
     */
    private static void answer(KnnCollector collector, AcceptDocs acceptDocs) throws IOException {
      DocIdSetIterator documents = acceptDocs.iterator();
      for (int hit = 0; hit < collector.k(); hit++) {
        int document = documents.nextDoc();
        if (document == DocIdSetIterator.NO_MORE_DOCS) {
          break;
        }
        collector.incVisitedCount(1);
        collector.collect(document, 1f / (1 + hit));
      }
    }

    @Override
    public FloatVectorValues getFloatVectorValues(String field) throws IOException {
      return vectors.getFloatVectorValues(field);
    }

    @Override
    public ByteVectorValues getByteVectorValues(String field) throws IOException {
      return vectors.getByteVectorValues(field);
    }

    @Override
    public void checkIntegrity() throws IOException {
      vectors.checkIntegrity();
    }

    @Override
    public Map<String, Long> getOffHeapByteSize(FieldInfo field) {
      return vectors.getOffHeapByteSize(field);
    }

    @Override
    public KnnVectorsReader getMergeInstance() throws IOException {
      return vectors.getMergeInstance();
    }

    @Override
    public void close() throws IOException {
      vectors.close();
    }
  }
}
