// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.write;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.disk.ModelFile;
import dev.ivfpq.quant.Metric;
import dev.ivfpq.quant.Model;
import dev.ivfpq.spec.Structure;
import dev.ivfpq.spec.TrainingSettings;
import dev.ivfpq.spec.Tuning;
import dev.ivfpq.train.ModelTrainer;
import dev.ivfpq.train.TrainingContext;
import java.io.IOException;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.store.IndexOutput;

/**
 * One field's vectors in, one trained and encoded field out: the number of lists is chosen, the
 * model trained and written, every vector encoded, the lists written.
 *
 * <p>Heap: model, sample and buffers of training ({@link ModelTrainer}), and 4 bytes a vector for
 * at most 16M vectors at a time.
 */
final class FieldIndexer {
  private final SegmentWriteState state;
  private final String factory;
  private final Structure structure;
  private final TrainingSettings settings;
  private final IndexOutput modelOut;
  private final IndexOutput listsOut;

  FieldIndexer(
      SegmentWriteState state,
      String factory,
      Structure structure,
      TrainingSettings settings,
      IndexOutput modelOut,
      IndexOutput listsOut) {
    this.state = state;
    this.factory = factory;
    this.structure = structure;
    this.settings = settings;
    this.modelOut = modelOut;
    this.listsOut = listsOut;
  }

  /**
   * Indexes a float field.
   *
   * @param values raw vectors by ordinal, as the segment stores them
   */
  FieldMeta index(TrainingContext context, FieldInfo info, FloatVectorValues values)
      throws IOException {
    int n = values.size();
    int nlist = settings.nlist(structure, n);
    if (nlist < 2) {
      return exact(info, n, structure.coarse() ? "too few for lists" : "no lists asked for");
    }
    Metric metric = Metric.of(info.getVectorSimilarityFunction());
    long start = System.nanoTime();
    Model model = new ModelTrainer(context, metric, structure, settings).train(values, nlist);
    if (model == null) {
      return exact(info, n, "float arithmetic cannot tell them apart");
    }
    if (structure.equals(Structure.DEFAULT)
        && modelBytes(model) > settings.maxModelShare() * n * values.dimension() * Float.BYTES) {
      return exact(info, n, "a model would be too large for them");
    }
    long trained = System.nanoTime();
    try (EncodedVectors encoded =
        EncodedVectors.encode(
            context,
            values,
            metric,
            model,
            state.directory,
            state.segmentInfo.name,
            state.context)) {
      if (!encoded.isFinite()) {
        return exact(info, n, "float arithmetic overflows");
      }
      FieldMeta meta = write(context, info, n, model, encoded);
      say(
          info,
          n
              + " vectors in "
              + nlist
              + " lists ("
              + (structure.nlist() > 0 ? structure.nlist() + " asked for" : "chosen")
              + "), d'="
              + model.transform().dOut()
              + ", M="
              + meta.lists().M()
              + ", trained in "
              + (trained - start) / 1_000_000
              + " ms, encoded and written in "
              + (System.nanoTime() - trained) / 1_000_000
              + " ms");
      return meta;
    }
  }

  private FieldMeta write(
      TrainingContext context, FieldInfo info, int n, Model model, EncodedVectors encoded)
      throws IOException {
    int M = model.pq() == null ? 0 : model.pq().M();
    ModelFile.Written modelAt = ModelFile.write(modelOut, model);
    FieldMeta exact = FieldMeta.exact(info, n);
    ListsWriter.Written listsAt =
        new ListsWriter(encoded, M, context.checkAborted()).write(listsOut, exact.ordinalBits());
    int nlist = model.coarse().nlist();
    return exact.withLists(
        new FieldMeta.Lists(
            factory,
            structure.nlist(),
            nlist,
            model.transform().dOut(),
            !model.transform().isIdentity(),
            model.residual(),
            structure.rerank(),
            model.centroidCodes() != null,
            M,
            listsAt.blocks(),
            Tuning.byRule(info.getVectorSimilarityFunction(), nlist),
            modelAt.offset(),
            modelAt.length(),
            modelAt.fingerprint(),
            listsAt.offset(),
            listsAt.length()));
  }

  private static long modelBytes(Model model) {
    long floats = model.transform().mean().length + (long) model.coarse().centroids().length;
    if (!model.transform().isIdentity()) {
      floats += model.transform().rows().length;
    }
    if (model.pq() != null) {
      floats += model.pq().codebooks().length;
    }
    return floats * Float.BYTES;
  }

  private FieldMeta exact(FieldInfo info, int n, String why) {
    say(info, n + " vectors are scanned exactly: " + why);
    return FieldMeta.exact(info, n);
  }

  /** Tells the InfoStream. */
  void say(FieldInfo info, String message) {
    if (state.infoStream.isEnabled("IVF")) {
      state.infoStream.message(
          "IVF", state.segmentInfo.name + " field \"" + info.name + "\": " + message);
    }
  }
}
