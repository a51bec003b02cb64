// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import dev.ivfpq.disk.SavedModel;
import dev.ivfpq.kernel.Kernels;
import dev.ivfpq.spec.Structure;
import dev.ivfpq.spec.TrainingSettings;
import dev.ivfpq.train.TrainingContext;
import dev.ivfpq.write.KnownModel;
import dev.ivfpq.write.SharedModels;
import java.io.IOException;
import java.util.List;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.TaskExecutor;
import org.apache.lucene.store.Directory;

/**
 * Rotation, centroids and codebooks trained in advance, from a sample, as faiss trains an index
 * before anything is added to it. A format built on one does not train while the model fits: every
 * segment shares it, and merges copy codes.
 *
 * <pre>{@code
 * IvfPqModel model = IvfPqModel.train(sample, EUCLIDEAN, 1_000_000, IvfPqParameters.DEFAULT);
 * KnnVectorsFormat format = new IvfPqVectorsFormat(IvfPqParameters.DEFAULT, model);
 * }</pre>
 *
 * <p>Immutable.
 */
public final class IvfPqModel {
  private final int dims;
  private final VectorSimilarityFunction similarity;
  private final KnownModel model;

  private IvfPqModel(int dims, VectorSimilarityFunction similarity, KnownModel model) {
    this.dims = dims;
    this.similarity = similarity;
    this.model = model;
  }

  /**
   * Trains.
   *
   * @param sample vectors of one dimension, best 64 or more for each list; not modified
   * @param similarity of the fields that the model is for
   * @param vectors how many a segment may come to have: the number of lists follows from it
   * @param parameters of the format that will use the model
   * @throws IllegalArgumentException if the sample is too small, cannot be told apart in float
   *     arithmetic, or does not fit the structure
   */
  public static IvfPqModel train(
      List<float[]> sample,
      VectorSimilarityFunction similarity,
      int vectors,
      IvfPqParameters parameters)
      throws IOException {
    Structure structure = parameters.structure();
    TrainingSettings settings = parameters.trainingSettings();
    int nlist = settings.nlist(structure, vectors);
    if (nlist < 2) {
      throw new IllegalArgumentException(
          vectors
              + " vectors get no lists; a segment of so few is scanned exactly, no model needed");
    }
    if (sample.size() < nlist) {
      throw new IllegalArgumentException(
          "a model of "
              + nlist
              + " lists needs a sample of at least as many vectors, better "
              + (long) nlist * parameters.sampleVectorsPerList()
              + "; got "
              + sample.size());
    }
    int dims = sample.get(0).length;
    for (float[] vector : sample) {
      if (vector.length != dims) {
        throw new IllegalArgumentException(
            "a sample has vectors of one dimension, got " + dims + " and " + vector.length);
      }
    }
    String whyNot = structure.whyNot(dims);
    if (whyNot != null) {
      throw new IllegalArgumentException(whyNot);
    }
    TrainingContext context =
        new TrainingContext(Kernels.matrix(), new TaskExecutor(Runnable::run), () -> {});
    KnownModel model =
        KnownModel.train(
            context,
            similarity,
            parameters.factory(),
            structure,
            settings,
            FloatVectorValues.fromFloats(sample, dims),
            nlist,
            nlist);
    if (model == null) {
      throw new IllegalArgumentException(
          "float arithmetic cannot tell the " + sample.size() + " vectors of the sample apart");
    }
    return new IvfPqModel(dims, similarity, model);
  }

  /** Dimensions of the vectors it is for. */
  public int dims() {
    return dims;
  }

  public VectorSimilarityFunction similarity() {
    return similarity;
  }

  /** Number of lists. */
  public int nlist() {
    return model.nlist();
  }

  /** The factory string that it was trained for; empty for the default. */
  public String factory() {
    return model.lists().factory();
  }

  /**
   * Writes a new file of this name, with a checksum.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is one
   */
  public void save(Directory directory, String name) throws IOException {
    SavedModel.write(directory, name, dims, similarity, model.lists(), model.model());
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @throws org.apache.lucene.index.CorruptIndexException if it is damaged, or something else
   */
  public static IvfPqModel load(Directory directory, String name) throws IOException {
    SavedModel saved = SavedModel.read(directory, name);
    return new IvfPqModel(
        saved.meta().d(),
        saved.meta().similarity(),
        new KnownModel(saved.model(), saved.meta().lists(), saved.meta().n()));
  }

  SharedModels shared() {
    return new SharedModels(model, dims, similarity);
  }
}
