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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.FixedBitSet;

/**
 * One field's vectors in, one encoded field out: a model is found or trained, vectors are encoded,
 * the lists written.
 *
 * <p>Heap: model, sample and buffers of training ({@link ModelTrainer}), and 4 bytes a vector for
 * at most 16M vectors at a time ({@link EncodedVectors}); in a merge that copies codes, 3/4 of a
 * byte a document. While lists are written up to 2 bytes a vector more ({@link ListsWriter}).
 */
final class FieldIndexer {
  private final SegmentWriteState state;
  private final String factory;
  private final Structure structure;
  private final TrainingSettings settings;
  private final ModelGate gate;
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
    this.gate = new ModelGate(factory, structure, settings);
    this.modelOut = modelOut;
    this.listsOut = listsOut;
  }

  /**
   * A field that was written.
   *
   * @param model null if it has no lists
   */
  record Indexed(FieldMeta meta, Model model) {}

  /**
   * Indexes what was flushed.
   *
   * @param values raw vectors by ordinal
   * @param known the model of an earlier flush or merge; null if there is none
   */
  Indexed flush(TrainingContext context, FieldInfo info, FloatVectorValues values, KnownModel known)
      throws IOException {
    int n = values.size();
    String whyNone = whyExact(n);
    if (whyNone != null) {
      return exact(info, n, whyNone);
    }
    String whyNot = known == null ? "there is none" : gate.whyNot(known, n, values.dimension());
    if (whyNot != null) {
      return train(context, info, values, whyNot);
    }
    double drift = ModelGate.drift(known, context, metric(info), values);
    return drift <= ModelGate.MOST_DRIFT
        ? encode(context, info, values, known, "the last one fits, " + drift(drift))
        : train(context, info, values, drift(drift));
  }

  /**
   * Indexes what was merged.
   *
   * @param values raw vectors by ordinal, as the merged segment stores them
   * @param merge the segments that they are from
   * @param known the model of an earlier flush or merge; null if there is none
   */
  Indexed merge(
      TrainingContext context,
      FieldInfo info,
      FloatVectorValues values,
      FieldMerge merge,
      KnownModel known)
      throws IOException {
    int n = values.size();
    String whyNone = whyExact(n);
    if (whyNone != null) {
      return exact(info, n, whyNone);
    }
    return switch (plan(context, info, values, merge, known)) {
      case MergePlan.Concatenate plan -> concatenate(context, info, n, merge, plan);
      case MergePlan.Adopt plan -> adopt(context, info, values, merge, plan);
      case MergePlan.Train plan -> train(context, info, values, plan.why());
    };
  }

  /** Why {@code n} vectors get no lists; null if they do. */
  private String whyExact(int n) {
    return settings.nlist(structure, n) >= 2
        ? null
        : structure.coarse() ? "too few for lists" : "no lists asked for";
  }

  private MergePlan plan(
      TrainingContext context,
      FieldInfo info,
      FloatVectorValues values,
      FieldMerge merge,
      KnownModel known)
      throws IOException {
    KnownModel dominant = merge.dominantModel();
    KnownModel candidate = dominant == null ? known : dominant;
    if (candidate == null) {
      return new MergePlan.Train("no segment has one");
    }
    String whyNot = gate.whyNot(candidate, values.size(), values.dimension());
    List<MergeSource> sources = merge.sourcesOf(candidate);
    if (whyNot == null && !sources.isEmpty()) {
      whyNot = gate.whyNot(candidate, sources);
    }
    if (whyNot == null && sources.size() == merge.sources().size()) {
      return new MergePlan.Concatenate(candidate, sources);
    }
    if (whyNot != null) {
      return new MergePlan.Train(whyNot);
    }
    double drift = ModelGate.drift(candidate, context, metric(info), values);
    if (!(drift <= ModelGate.MOST_DRIFT)) {
      return new MergePlan.Train(drift(drift));
    }
    String whose =
        dominant == null
            ? "the last one fits, "
            : sources.size() + " of " + merge.sources().size() + " segments share it, ";
    return new MergePlan.Adopt(candidate, sources, whose + drift(drift));
  }

  private static String drift(double drift) {
    return String.format(Locale.ROOT, "drift %.3f", drift);
  }

  private static Metric metric(FieldInfo info) {
    return Metric.of(info.getVectorSimilarityFunction());
  }

  private Indexed train(
      TrainingContext context, FieldInfo info, FloatVectorValues values, String why)
      throws IOException {
    int n = values.size();
    long start = System.nanoTime();
    int nlist = settings.nlist(structure, n);
    KnownModel trained =
        KnownModel.train(
            context,
            info.getVectorSimilarityFunction(),
            factory,
            structure,
            settings,
            values,
            nlist,
            n);
    if (trained == null) {
      return exact(info, n, "float arithmetic cannot tell them apart");
    }
    if (gate.isTooLarge(trained.model(), n, values.dimension())) {
      return exact(info, n, "a model would be too large for them");
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    return encode(context, info, values, trained, "trained in " + millis + " ms, " + why);
  }

  private Indexed encode(
      TrainingContext context,
      FieldInfo info,
      FloatVectorValues values,
      KnownModel known,
      String why)
      throws IOException {
    int n = values.size();
    try (EncodedVectors encoded = encoded(context, info, values, known, DocIdSetIterator.all(n))) {
      return encoded.isFinite()
          ? write(context, info, n, known, List.of(encoded), why)
          : exact(info, n, "float arithmetic overflows");
    }
  }

  private EncodedVectors encoded(
      TrainingContext context,
      FieldInfo info,
      FloatVectorValues values,
      KnownModel known,
      DocIdSetIterator ordinals)
      throws IOException {
    return EncodedVectors.encode(
        context,
        values,
        ordinals,
        metric(info),
        known.model(),
        state.directory,
        state.segmentInfo.name,
        state.context);
  }

  private Indexed concatenate(
      TrainingContext context, FieldInfo info, int n, FieldMerge merge, MergePlan.Concatenate plan)
      throws IOException {
    NewOrdinals newOrdinals = merge.newOrdinals();
    List<ListSource> sources = new ArrayList<>();
    for (MergeSource source : plan.sources()) {
      sources.add(source.listsWith(newOrdinals));
    }
    return write(context, info, n, plan.model(), sources, plan.why());
  }

  private Indexed adopt(
      TrainingContext context,
      FieldInfo info,
      FloatVectorValues values,
      FieldMerge merge,
      MergePlan.Adopt plan)
      throws IOException {
    int n = values.size();
    NewOrdinals newOrdinals = merge.newOrdinals();
    FixedBitSet others = new FixedBitSet(n);
    others.set(0, n);
    List<ListSource> sources = new ArrayList<>();
    for (MergeSource source : plan.sources()) {
      source.clearOrdinals(newOrdinals, others);
      sources.add(source.listsWith(newOrdinals));
    }
    int count = others.cardinality();
    try (EncodedVectors encoded =
        encoded(context, info, values, plan.model(), new BitSetIterator(others, count))) {
      if (!encoded.isFinite()) {
        return exact(info, n, "float arithmetic overflows");
      }
      sources.add(encoded);
      String why = plan.why() + ", " + count + " vectors encoded";
      return write(context, info, n, plan.model(), sources, why);
    }
  }

  private Indexed write(
      TrainingContext context,
      FieldInfo info,
      int n,
      KnownModel known,
      List<? extends ListSource> sources,
      String why)
      throws IOException {
    long start = System.nanoTime();
    FieldMeta exact = FieldMeta.exact(info, n);
    ModelFile.Written modelAt = ModelFile.write(modelOut, known.model());
    ListsWriter.Written listsAt =
        new ListsWriter(sources, known.nlist(), known.lists().M(), context.checkAborted())
            .write(listsOut, exact.ordinalBits());
    if (listsAt.vectors() != n) {
      throw new CorruptIndexException(
          "field \""
              + info.name
              + "\": the lists that are merged hold "
              + listsAt.vectors()
              + " vectors, their segments "
              + n
              + "; restore the segments from a copy or re-index",
          listsOut.getName());
    }
    say(
        info,
        n
            + " vectors in "
            + known.nlist()
            + " lists ("
            + (structure.nlist() > 0 ? structure.nlist() + " asked for" : "chosen")
            + "), d'="
            + known.lists().dOut()
            + ", M="
            + known.lists().M()
            + ", model: "
            + why
            + "; lists written in "
            + (System.nanoTime() - start) / 1_000_000
            + " ms");
    Tuning tuning =
        known
            .lists()
            .tuning()
            .grown(info.getVectorSimilarityFunction(), known.nlist(), known.vectors(), n);
    FieldMeta.Lists lists =
        known.lists().at(modelAt, listsAt.offset(), listsAt.length(), listsAt.blocks());
    return new Indexed(exact.withLists(lists).withTuning(tuning), known.model());
  }

  private Indexed exact(FieldInfo info, int n, String why) {
    say(info, n + " vectors are scanned exactly: " + why);
    return new Indexed(FieldMeta.exact(info, n), null);
  }

  /** Tells the InfoStream. */
  void say(FieldInfo info, String message) {
    if (state.infoStream.isEnabled("IVF")) {
      state.infoStream.message(
          "IVF", state.segmentInfo.name + " field \"" + info.name + "\": " + message);
    }
  }
}
