// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.write;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.disk.FileNames;
import dev.ivfpq.kernel.Kernels;
import dev.ivfpq.quant.Model;
import dev.ivfpq.search.SearchTuner;
import dev.ivfpq.spec.Structure;
import dev.ivfpq.spec.TrainingSettings;
import dev.ivfpq.spec.Tuning;
import dev.ivfpq.train.TrainingContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.codecs.KnnFieldVectorsWriter;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatFieldVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatVectorsFormat;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.codecs.hnsw.FlatVectorsScorer;
import org.apache.lucene.codecs.hnsw.FlatVectorsWriter;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.MergeState;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.index.Sorter;
import org.apache.lucene.index.VectorEncoding;
import org.apache.lucene.search.TaskExecutor;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.util.IORunnable;
import org.apache.lucene.util.IOUtils;
import org.apache.lucene.util.RamUsageEstimator;

/**
 * Lucene's life cycle of a segment being written. Raw vectors go to Lucene's flat format; a flush
 * indexes what that buffered, a merge writes the raw vectors first and indexes what it reads back.
 */
public final class IvfPqVectorsWriter extends KnnVectorsWriter {
  private static final long SHALLOW_BYTES =
      RamUsageEstimator.shallowSizeOfInstance(IvfPqVectorsWriter.class);

  private static final IORunnable NEVER_ABORTED = () -> {};

  private final SegmentWriteState state;
  private final Structure structure;
  private final FlatVectorsFormat flatFormat;
  private final List<FieldBuffer<?>> fields = new ArrayList<>();
  private final FieldIndexer indexer;
  private final SharedModels models;
  private final List<Written> written = new ArrayList<>();
  private IORunnable checkAborted = NEVER_ABORTED;
  private final FlatVectorsScorer scorer;
  private FlatVectorsWriter flatWriter;
  private FlatVectorsReader rawVectors;
  private IndexOutput meta;
  private IndexOutput model;
  private IndexOutput lists;
  private boolean finished;

  /**
   * @param factory the factory string that {@code structure} was parsed from; empty for the default
   * @param models of the format, asked for models and told of new ones
   */
  public IvfPqVectorsWriter(
      SegmentWriteState state,
      FlatVectorsFormat flatFormat,
      String factory,
      Structure structure,
      TrainingSettings settings,
      SharedModels models)
      throws IOException {
    this.state = state;
    this.models = models;
    this.structure = structure;
    this.flatFormat = flatFormat;
    try {
      flatWriter = flatFormat.fieldsWriter(state);
      scorer = flatWriter.getFlatVectorScorer();
      meta = create(FileNames.META);
      model = create(FileNames.MODEL);
      lists = create(FileNames.LISTS);
      indexer = new FieldIndexer(state, factory, structure, settings, model, lists);
    } catch (Throwable t) {
      IOUtils.closeWhileSuppressingExceptions(t, this);
      throw t;
    }
  }

  private IndexOutput create(FileNames file) throws IOException {
    IndexOutput out =
        state.directory.createOutput(
            file.in(state.segmentInfo, state.segmentSuffix), state.context);
    try {
      file.writeHeader(out, state.segmentInfo, state.segmentSuffix);
      return out;
    } catch (Throwable t) {
      IOUtils.closeWhileSuppressingExceptions(t, out);
      throw t;
    }
  }

  @Override
  public KnnFieldVectorsWriter<?> addField(FieldInfo info) throws IOException {
    FieldBuffer<?> field = buffer(info, flatWriter.addField(info), whyNot(info));
    fields.add(field);
    return field;
  }

  private static <T> FieldBuffer<T> buffer(
      FieldInfo info, FlatFieldVectorsWriter<T> flat, String whyNot) {
    return new FieldBuffer<>(info, flat, whyNot);
  }

  /** Why the field's vectors cannot be indexed; null if they can. */
  private String whyNot(FieldInfo info) {
    String whyNot =
        info.getVectorEncoding() == VectorEncoding.FLOAT32
            ? structure.whyNot(info.getVectorDimension())
            : null;
    return whyNot == null ? null : "field \"" + info.name + "\": " + whyNot;
  }

  @Override
  public void flush(int maxDoc, Sorter.DocMap sortMap) throws IOException {
    flatWriter.flush(maxDoc, sortMap);
    TrainingContext context =
        new TrainingContext(Kernels.matrix(), new TaskExecutor(Runnable::run), NEVER_ABORTED);
    for (FieldBuffer<?> field : fields) {
      FieldInfo info = field.info();
      if (info.getVectorEncoding() == VectorEncoding.FLOAT32) {
        FloatVectorValues values = field.values(sortMap);
        KnownModel known = models.get(state.directory, info);
        add(info, indexer.flush(context, info, values, known), values);
      } else {
        addExact(info, field.size());
      }
    }
  }

  @Override
  public IORunnable mergeOneField(FieldInfo info, MergeState mergeState) throws IOException {
    flatWriter.mergeOneFlatVectorField(info, mergeState);
    checkAborted = mergeState::checkAborted;
    return () -> {
      openRawVectors();
      if (info.getVectorEncoding() == VectorEncoding.BYTE) {
        addExact(info, rawVectors.getByteVectorValues(info.name).size());
        return;
      }
      TaskExecutor executor =
          new TaskExecutor(
              mergeState.intraMergeTaskExecutor == null
                  ? Runnable::run
                  : mergeState.intraMergeTaskExecutor);
      TrainingContext context = new TrainingContext(Kernels.matrix(), executor, checkAborted);
      FloatVectorValues values = rawVectors.getFloatVectorValues(info.name);
      String whyNot = whyNot(info);
      // A field all of whose documents were refused is there, without vectors.
      if (whyNot != null && values.size() > 0) {
        throw new IllegalArgumentException(whyNot);
      }
      FieldMerge merge = FieldMerge.of(info, mergeState);
      KnownModel known = models.get(state.directory, info);
      add(info, indexer.merge(context, info, values, merge, known), values);
    };
  }

  private void add(FieldInfo info, FieldIndexer.Indexed field, FloatVectorValues values) {
    written.add(new Written(info, field.meta(), field.model(), values));
  }

  /** Byte vectors, which get no lists. */
  private void addExact(FieldInfo info, int n) {
    written.add(new Written(info, FieldMeta.exact(info, n), null, null));
  }

  /** Completes the raw vectors of all fields and opens them for reading, if not done yet. */
  private void openRawVectors() throws IOException {
    if (rawVectors != null) {
      return;
    }
    flatWriter.finish();
    flatWriter.close();
    flatWriter = null;
    rawVectors =
        flatFormat.fieldsReader(
            new SegmentReadState(
                state.directory,
                state.segmentInfo,
                state.fieldInfos,
                state.context,
                state.segmentSuffix));
  }

  @Override
  public void finish() throws IOException {
    if (finished) {
      throw new IllegalStateException("already finished");
    }
    finished = true;
    CodecUtil.writeFooter(model);
    CodecUtil.writeFooter(lists);
    IOUtils.close(model, lists);
    model = null;
    lists = null;
    if (flatWriter != null) {
      flatWriter.finish();
    }
    if (written.stream().anyMatch(field -> SearchTuner.pays(field.meta))) {
      tune();
    }
    for (Written field : written) {
      meta.writeInt(field.info.number);
      field.meta.write(meta);
    }
    meta.writeInt(-1);
    CodecUtil.writeFooter(meta);
    share();
  }

  /**
   * Lets later flushes have the models of this segment, where they are better than what they have.
   */
  private void share() {
    for (Written field : written) {
      if (field.model != null) {
        KnownModel model = new KnownModel(field.model, field.meta.lists(), field.meta.n());
        KnownModel known = models.get(state.directory, field.info);
        // A small segment's own model says little of the vectors to come.
        if (known == null || model.nlist() >= known.nlist()) {
          models.put(state.directory, field.info, model);
        }
      }
    }
  }

  /** Replaces rules by measured efforts, which needs complete files. */
  private void tune() throws IOException {
    try (IndexInput modelIn = open(FileNames.MODEL);
        IndexInput listsIn = open(FileNames.LISTS)) {
      for (int i = 0; i < written.size(); i++) {
        Written field = written.get(i);
        if (SearchTuner.pays(field.meta)) {
          Tuning tuning =
              SearchTuner.tune(field.meta, modelIn, listsIn, field.values, scorer, checkAborted);
          indexer.say(field.info, tuning.toString());
          written.set(i, field.with(tuning));
        }
      }
    }
  }

  private IndexInput open(FileNames file) throws IOException {
    return state.directory.openInput(
        file.in(state.segmentInfo, state.segmentSuffix), state.context);
  }

  /**
   * A field whose lists are written.
   *
   * @param model null without lists
   * @param values raw vectors by ordinal; null for byte vectors
   */
  private record Written(FieldInfo info, FieldMeta meta, Model model, FloatVectorValues values) {
    Written with(Tuning tuning) {
      return new Written(info, meta.withTuning(tuning), model, values);
    }
  }

  @Override
  public long ramBytesUsed() {
    long total = SHALLOW_BYTES;
    for (FieldBuffer<?> field : fields) {
      total += field.ramBytesUsed();
    }
    return total;
  }

  @Override
  public void close() throws IOException {
    IOUtils.close(flatWriter, rawVectors, meta, model, lists);
  }
}
