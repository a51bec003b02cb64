// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import java.io.IOException;
import java.util.Map;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/** Answers searches by scoring every accepted vector of a flat reader. */
final class FlatScanReader extends KnnVectorsReader {

  private static final int BATCH = 64;

  private final FlatVectorsReader flat;

  FlatScanReader(FlatVectorsReader flat) {
    this.flat = flat;
  }

  @Override
  public void search(String field, float[] target, KnnCollector collector, AcceptDocs acceptDocs)
      throws IOException {
    FloatVectorValues values = flat.getFloatVectorValues(field);
    if (values != null && values.size() > 0 && collector.k() > 0) {
      scan(flat.getRandomVectorScorer(field, target), collector, acceptDocs);
    }
  }

  @Override
  public void search(String field, byte[] target, KnnCollector collector, AcceptDocs acceptDocs)
      throws IOException {
    ByteVectorValues values = flat.getByteVectorValues(field);
    if (values != null && values.size() > 0 && collector.k() > 0) {
      scan(flat.getRandomVectorScorer(field, target), collector, acceptDocs);
    }
  }

  private static void scan(RandomVectorScorer scorer, KnnCollector collector, AcceptDocs acceptDocs)
      throws IOException {
    Bits accepted = scorer.getAcceptOrds(acceptDocs.bits());
    int[] ords = new int[BATCH];
    float[] scores = new float[BATCH];
    int n = scorer.maxOrd();
    int filled = 0;
    for (int ord = 0; ord < n; ord++) {
      if (accepted == null || accepted.get(ord)) {
        ords[filled++] = ord;
      }
      if (filled == BATCH || (filled > 0 && ord == n - 1)) {
        if (collector.earlyTerminated()) {
          return;
        }
        scorer.bulkScore(ords, scores, filled);
        for (int i = 0; i < filled; i++) {
          collector.incVisitedCount(1);
          collector.collect(scorer.ordToDoc(ords[i]), scores[i]);
        }
        filled = 0;
      }
    }
  }

  @Override
  public FloatVectorValues getFloatVectorValues(String field) throws IOException {
    return flat.getFloatVectorValues(field);
  }

  @Override
  public ByteVectorValues getByteVectorValues(String field) throws IOException {
    return flat.getByteVectorValues(field);
  }

  @Override
  public KnnVectorsReader getMergeInstance() throws IOException {
    return new FlatScanReader(flat.getMergeInstance());
  }

  @Override
  public void finishMerge() throws IOException {
    flat.finishMerge();
  }

  @Override
  public Map<String, Long> getOffHeapByteSize(FieldInfo fieldInfo) {
    return flat.getOffHeapByteSize(fieldInfo);
  }

  @Override
  public void checkIntegrity() throws IOException {
    flat.checkIntegrity();
  }

  @Override
  public void close() throws IOException {
    flat.close();
  }
}
