// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.write;

import java.io.IOException;
import java.util.AbstractList;
import java.util.List;
import org.apache.lucene.codecs.KnnFieldVectorsWriter;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatFieldVectorsWriter;
import org.apache.lucene.index.DocsWithFieldSet;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.Sorter;
import org.apache.lucene.index.VectorEncoding;
import org.apache.lucene.util.RamUsageEstimator;

/** Hands one field's {@code addValue} calls to the raw vectors' writer, which buffers them. */
final class FieldBuffer<T> extends KnnFieldVectorsWriter<T> {
  private static final long SHALLOW_BYTES =
      RamUsageEstimator.shallowSizeOfInstance(FieldBuffer.class);

  private final FieldInfo info;
  private final FlatFieldVectorsWriter<T> flat;
  private final String whyNot;

  /**
   * @param whyNot why every vector is refused; null to take them
   */
  FieldBuffer(FieldInfo info, FlatFieldVectorsWriter<T> flat, String whyNot) {
    this.info = info;
    this.flat = flat;
    this.whyNot = whyNot;
  }

  FieldInfo info() {
    return info;
  }

  int size() {
    return flat.getVectors().size();
  }

  /**
   * Lucene drops the one document that fails here; a failure when the field is added would close
   * the IndexWriter.
   */
  @Override
  public void addValue(int docId, T vector) throws IOException {
    if (whyNot != null) {
      throw new IllegalArgumentException(whyNot);
    }
    flat.addValue(docId, vector);
  }

  @Override
  public T copyValue(T vector) {
    throw new UnsupportedOperationException("the raw vectors' writer copies");
  }

  /**
   * The float vectors in the order of their ordinals in the flushed segment.
   *
   * @param sortMap of the index sort, or null
   */
  @SuppressWarnings("unchecked")
  FloatVectorValues values(Sorter.DocMap sortMap) throws IOException {
    assert info.getVectorEncoding() == VectorEncoding.FLOAT32;
    List<float[]> vectors = (List<float[]>) flat.getVectors();
    if (sortMap == null) {
      return FloatVectorValues.fromFloats(vectors, info.getVectorDimension());
    }
    DocsWithFieldSet docs = flat.getDocsWithFieldSet();
    int[] oldOrdinals = new int[docs.cardinality()];
    KnnVectorsWriter.mapOldOrdToNewOrd(docs, sortMap, null, oldOrdinals, null);
    return FloatVectorValues.fromFloats(
        new Reordered(vectors, oldOrdinals), info.getVectorDimension());
  }

  @Override
  public long ramBytesUsed() {
    return SHALLOW_BYTES + flat.ramBytesUsed();
  }

  /** A view of a list in another order. */
  private static final class Reordered extends AbstractList<float[]> {
    private final List<float[]> list;
    private final int[] order;

    Reordered(List<float[]> list, int[] order) {
      this.list = list;
      this.order = order;
    }

    @Override
    public float[] get(int index) {
      return list.get(order[index]);
    }

    @Override
    public int size() {
      return order.length;
    }
  }
}
