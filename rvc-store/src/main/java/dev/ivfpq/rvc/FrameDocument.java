// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.BytesRef;

/** The document of one frame after another: Lucene copies what it is given, so one serves all. */
final class FrameDocument {
  private final String speaker;
  private final float[] vector;
  private final NumericDocValuesField frame = new NumericDocValuesField(StoreLayout.FRAME, 0);
  private Document document;
  private String clip;

  FrameDocument(String speaker, int dims) {
    this.speaker = speaker;
    this.vector = new float[dims];
  }

  /** The document of a frame, valid until the next is asked for. */
  Document of(String clip, int number, float[] values) {
    if (!clip.equals(this.clip)) {
      this.clip = clip;
      document = new Document();
      document.add(
          new KnnFloatVectorField(
              StoreLayout.vectorField(vector.length), vector, VectorSimilarityFunction.EUCLIDEAN));
      document.add(new StringField(StoreLayout.SPEAKER, speaker, Field.Store.NO));
      document.add(new SortedDocValuesField(StoreLayout.SPEAKER, new BytesRef(speaker)));
      document.add(new SortedDocValuesField(StoreLayout.CLIP, new BytesRef(clip)));
      document.add(
          new StringField(
              StoreLayout.CLIP_ID, StoreLayout.clipTerm(speaker, clip).text(), Field.Store.NO));
      document.add(frame);
    }
    System.arraycopy(values, 0, vector, 0, vector.length);
    frame.setLongValue(number);
    return document;
  }
}
