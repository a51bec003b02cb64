// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import dev.ivfpq.search.IvfPqVectorsReader;
import dev.ivfpq.write.IvfPqVectorsWriter;
import dev.ivfpq.write.SharedModels;
import java.io.IOException;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.codecs.hnsw.FlatVectorsFormat;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.codecs.lucene99.Lucene99FlatVectorsFormat;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.util.IOUtils;
import org.apache.lucene.util.Version;

/**
 * Inverted lists of 4-bit product-quantized codes, scanned with SIMD look-up tables and re-ranked
 * exactly from the raw vectors: faiss's {@code IVF,PQx4fs,RFlat} as a Lucene vectors format.
 *
 * <p>Use one instance for all fields of a codec:
 *
 * <pre>{@code
 * KnnVectorsFormat format = new IvfPqVectorsFormat();
 * config.setCodec(new Lucene104Codec() {
 *   public KnnVectorsFormat getKnnVectorsFormatForField(String field) { return format; }
 * });
 * }</pre>
 *
 * <p>All four similarities, 1 to {@value #MAX_DIMENSIONS} dimensions. Byte vectors and segments too
 * small to train are scanned exactly. Heap of a flush or merge beside the buffered documents: the
 * model, a sample of at most 128 MB in training, and 4 bytes a vector for at most 16M vectors at a
 * time.
 *
 * @see IvfPqSearchParameters settings of a query
 */
public final class IvfPqVectorsFormat extends KnnVectorsFormat {
  /** The name in the index. */
  public static final String NAME = "IvfPq1";

  private static final int MAX_DIMENSIONS = 4096;

  private final IvfPqParameters parameters;
  private final SharedModels models;

  /** Default settings. Also called by Lucene for every reader, so it never throws. */
  public IvfPqVectorsFormat() {
    this(IvfPqParameters.DEFAULT);
  }

  /**
   * @param factory structure in faiss's words, such as {@code IVF1024,PQ128x4fs,RFlat}
   * @throws IllegalArgumentException naming the position, the reason and what is supported
   */
  public IvfPqVectorsFormat(String factory) {
    this(IvfPqParameters.of(factory));
  }

  /** Every setting by hand. */
  public IvfPqVectorsFormat(IvfPqParameters parameters) {
    super(NAME);
    this.parameters = parameters;
    this.models = new SharedModels();
  }

  /**
   * A model trained in advance: no flush trains while it fits the vectors.
   *
   * @throws IllegalArgumentException if the model was trained for another factory string
   */
  public IvfPqVectorsFormat(IvfPqParameters parameters, IvfPqModel model) {
    super(NAME);
    if (!parameters.factory().equals(model.factory())) {
      throw new IllegalArgumentException(
          "the model was trained for factory=\""
              + model.factory()
              + "\", the format has factory=\""
              + parameters.factory()
              + "\"");
    }
    this.parameters = parameters;
    this.models = model.shared();
  }

  /**
   * Checks vectors' dimensions before any document is added. {@code addDocument} refuses each one
   * that does not fit.
   *
   * @throws IllegalArgumentException naming what does not fit and what would
   */
  public void checkDimensions(int dimensions) {
    if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
      throw new IllegalArgumentException(
          "d must be in [1, " + MAX_DIMENSIONS + "], got d=" + dimensions);
    }
    String whyNot = parameters.structure().whyNot(dimensions);
    if (whyNot != null) {
      throw new IllegalArgumentException(whyNot);
    }
  }

  @Override
  public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
    checkLucene();
    return new IvfPqVectorsWriter(
        state,
        flatFormat(),
        parameters.factory(),
        parameters.structure(),
        parameters.trainingSettings(),
        models);
  }

  @Override
  public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
    checkLucene();
    FlatVectorsReader flat = flatFormat().fieldsReader(state);
    try {
      return new IvfPqVectorsReader(state, flat, IvfPqSearchParameters::settings);
    } catch (Throwable t) {
      IOUtils.closeWhileSuppressingExceptions(t, flat);
      throw t;
    }
  }

  private static FlatVectorsFormat flatFormat() {
    return new Lucene99FlatVectorsFormat(FlatVectorScorerUtil.getLucene99FlatVectorsScorer());
  }

  private static void checkLucene() {
    if (!Version.LATEST.onOrAfter(Version.fromBits(10, 5, 0))) {
      throw new IllegalStateException(
          NAME + " needs Lucene 10.5.0 or newer, this is Lucene " + Version.LATEST);
    }
  }

  @Override
  public int getMaxDimensions(String fieldName) {
    return MAX_DIMENSIONS;
  }

  @Override
  public String toString() {
    return "IvfPqVectorsFormat(name="
        + NAME
        + ", factory="
        + (parameters.factory().isEmpty() ? "default" : parameters.factory())
        + ", exactBelow="
        + parameters.exactBelow()
        + ", minVectorsPerList="
        + parameters.minVectorsPerList()
        + ", maxModelShare="
        + parameters.maxModelShare()
        + ", sampleVectorsPerList="
        + parameters.sampleVectorsPerList()
        + ", seed="
        + parameters.seed()
        + ", literalNlist="
        + parameters.literalNlist()
        + ")";
  }
}
