// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import java.io.IOException;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.codecs.hnsw.FlatVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99FlatVectorsFormat;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/** Stores raw vectors in Lucene's flat files and answers queries by an exact scan. */
public final class IvfPqVectorsFormat extends KnnVectorsFormat {

  /** The name by which segments find this format again. */
  public static final String NAME = "IvfPq1";

  private final FlatVectorsFormat flat =
      new Lucene99FlatVectorsFormat(FlatVectorScorerUtil.getLucene99FlatVectorsScorer());

  /** Constructor that Lucene's service loader calls. */
  public IvfPqVectorsFormat() {
    super(NAME);
  }

  @Override
  public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
    return flat.fieldsWriter(state);
  }

  @Override
  public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
    return new FlatScanReader(flat.fieldsReader(state));
  }

  @Override
  public int getMaxDimensions(String fieldName) {
    return 4096;
  }

  @Override
  public String toString() {
    return "IvfPqVectorsFormat(name=" + NAME + ")";
  }
}
