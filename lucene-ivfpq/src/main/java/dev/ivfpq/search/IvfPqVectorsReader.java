// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.disk.FileNames;
import dev.ivfpq.disk.ListsReader;
import dev.ivfpq.disk.ModelFile;
import dev.ivfpq.quant.Model;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.VectorEncoding;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.search.knn.KnnSearchStrategy;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.ChecksumIndexInput;
import org.apache.lucene.store.DataAccessHint;
import org.apache.lucene.store.FileDataHint;
import org.apache.lucene.store.FileTypeHint;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.util.IOUtils;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/**
 * Opens a segment's files, checks metadata and models, and answers searches. Models and lists stay
 * in their files; heap holds the fields' metadata and at most 32 KB of each model.
 */
public final class IvfPqVectorsReader extends KnnVectorsReader {
  /** Most queries of one call: what is prepared for them should stay in the cache. */
  public static final int MOST_TOGETHER = 32;

  private final FieldInfos fieldInfos;
  private final FlatVectorsReader flat;
  private final Function<KnnSearchStrategy, SearchSettings> settings;
  private final Map<Integer, FieldMeta> fields = new HashMap<>();
  private final Map<FieldMeta, ModelReader> models = new IdentityHashMap<>();
  private IndexInput model;
  private IndexInput lists;
  private volatile boolean closed;

  /**
   * @param flat reads the raw vectors; closed with this reader
   * @param settings reads a query's settings off its strategy, which may be null
   */
  public IvfPqVectorsReader(
      SegmentReadState state,
      FlatVectorsReader flat,
      Function<KnnSearchStrategy, SearchSettings> settings)
      throws IOException {
    this.fieldInfos = state.fieldInfos;
    this.flat = flat;
    this.settings = settings;
    try {
      model = open(state, FileNames.MODEL);
      lists = open(state, FileNames.LISTS);
      int version = readMeta(state);
      checkVersion(state, FileNames.MODEL, model, version);
      checkVersion(state, FileNames.LISTS, lists, version);
      CodecUtil.checksumEntireFile(model);
      CodecUtil.retrieveChecksum(lists);
      for (FieldMeta field : fields.values()) {
        if (field.lists() != null) {
          models.put(field, new ModelReader(model, field));
        }
      }
    } catch (Throwable t) {
      IOUtils.closeWhileSuppressingExceptions(t, this);
      throw t;
    }
  }

  /** What keeps a field's vectors in a segment's reader; null if it is another format. */
  public static IvfPqVectorsReader of(KnnVectorsReader segment, String field) {
    KnnVectorsReader reader =
        segment instanceof PerFieldKnnVectorsFormat.FieldsReader perField
            ? perField.getFieldReader(field)
            : segment;
    return reader instanceof IvfPqVectorsReader ours ? ours : null;
  }

  private static IndexInput open(SegmentReadState state, FileNames file) throws IOException {
    IOContext context =
        state.context.withHints(FileTypeHint.DATA, FileDataHint.KNN_VECTORS, DataAccessHint.RANDOM);
    return state.directory.openInput(file.in(state.segmentInfo, state.segmentSuffix), context);
  }

  private static void checkVersion(
      SegmentReadState state, FileNames file, IndexInput in, int metaVersion) throws IOException {
    int version = file.checkHeader(in, state.segmentInfo, state.segmentSuffix);
    if (version != metaVersion) {
      throw new CorruptIndexException(
          "version=" + version + ", the metadata file has version=" + metaVersion, in);
    }
  }

  private int readMeta(SegmentReadState state) throws IOException {
    String name = FileNames.META.in(state.segmentInfo, state.segmentSuffix);
    int version = -1;
    try (ChecksumIndexInput meta = state.directory.openChecksumInput(name)) {
      Throwable failure = null;
      try {
        version = FileNames.META.checkHeader(meta, state.segmentInfo, state.segmentSuffix);
        for (int number = meta.readInt(); number != -1; number = meta.readInt()) {
          FieldInfo info = number < 0 ? null : fieldInfos.fieldInfo(number);
          if (info == null || !info.hasVectorValues()) {
            throw new CorruptIndexException("field number " + number + " has no vectors", meta);
          }
          FieldMeta field = FieldMeta.read(meta, info, model.length(), lists.length());
          if (fields.put(number, field) != null) {
            throw new CorruptIndexException("field \"" + info.name + "\" has two entries", meta);
          }
        }
      } catch (Throwable t) {
        failure = t;
      } finally {
        CodecUtil.checkFooter(meta, failure);
      }
    }
    return version;
  }

  @Override
  public void search(String field, float[] target, KnnCollector collector, AcceptDocs acceptDocs)
      throws IOException {
    search(field, List.of(target), List.of(collector), acceptDocs);
  }

  /**
   * Searches for many queries, each of which gets the hits that it would get alone.
   *
   * @param targets at most {@value #MOST_TOGETHER}
   * @param collectors one for each target, all of the same k and strategy
   * @throws IllegalArgumentException if a target has another dimension than the field, or is not
   *     finite
   */
  public void search(
      String field,
      List<float[]> targets,
      List<? extends KnnCollector> collectors,
      AcceptDocs acceptDocs)
      throws IOException {
    FieldMeta meta = check(field, targets);
    if (meta.n() > 0 && !targets.isEmpty() && collectors.get(0).k() > 0) {
      try {
        new FieldSearcher(vectors(field, acceptDocs))
            .search(targets, settings(collectors.get(0)), collectors);
      } catch (IOException | RuntimeException e) {
        failClosed(e);
        throw e;
      }
    }
  }

  /** What a collector's query asks for. */
  SearchSettings settings(KnnCollector collector) {
    return settings.apply(collector.getSearchStrategy());
  }

  /** Checks targets; returns what was built for the field. */
  FieldMeta check(String field, List<float[]> targets) {
    FieldMeta meta = meta(field, VectorEncoding.FLOAT32);
    for (float[] target : targets) {
      check(field, meta, target);
    }
    return meta;
  }

  /** The vectors of a field, for one thread. */
  SegmentVectors vectors(String field, AcceptDocs acceptDocs) throws IOException {
    FieldMeta meta = meta(field);
    return new SegmentVectors(field, meta, models.get(meta), lists, flat, acceptDocs);
  }

  private static void check(String field, FieldMeta meta, float[] target) {
    if (target.length != meta.d()) {
      throw new IllegalArgumentException(
          "field \""
              + field
              + "\": a query of "
              + target.length
              + " dims, vectors have "
              + meta.d());
    }
    for (float value : target) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            "field \"" + field + "\": a query must be finite, got " + value);
      }
    }
  }

  /**
   * Inputs closed under a search fail in many ways, mapped vectors with the JDK's own exceptions,
   * files with their channel's; callers know one. A compound file is closed before this reader is.
   */
  void failClosed(Exception e) {
    if ((closed || saysClosed(e)) && !(e instanceof AlreadyClosedException)) {
      throw new AlreadyClosedException("the reader was closed under a search", e);
    }
  }

  private static boolean saysClosed(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ClosedChannelException
          || cause instanceof IllegalStateException
              && cause.getMessage() != null
              && cause.getMessage().contains("closed")) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void search(String field, byte[] target, KnnCollector collector, AcceptDocs acceptDocs)
      throws IOException {
    FieldMeta meta = meta(field, VectorEncoding.BYTE);
    if (meta.n() > 0 && collector.k() > 0) {
      try {
        RandomVectorScorer scorer = flat.getRandomVectorScorer(field, target);
        new ExactScorer(
                scorer,
                collector,
                scorer.getAcceptOrds(acceptDocs == null ? null : acceptDocs.bits()))
            .scoreAll();
      } catch (IOException | RuntimeException e) {
        failClosed(e);
        throw e;
      }
    }
  }

  private FieldMeta meta(String field, VectorEncoding encoding) {
    FieldMeta meta = meta(field);
    if (meta.encoding() != encoding) {
      throw new IllegalArgumentException(
          "field \"" + field + "\" holds " + meta.encoding() + " vectors, not " + encoding);
    }
    return meta;
  }

  /**
   * What was built for a field.
   *
   * @throws IllegalArgumentException if the segment has no vectors of that name
   */
  public FieldMeta meta(String field) {
    FieldInfo info = fieldInfos.fieldInfo(field);
    FieldMeta meta = info == null ? null : fields.get(info.number);
    if (meta == null) {
      throw new IllegalArgumentException("field \"" + field + "\" has no vectors in this segment");
    }
    return meta;
  }

  /** The lists of a field that has them, for one thread. */
  public ListsReader lists(String field) throws IOException {
    return new ListsReader(lists, meta(field));
  }

  /** The model of a field that has lists, on the heap. */
  public Model model(String field) throws IOException {
    return ModelFile.read(model, meta(field));
  }

  @Override
  public void checkIntegrity() throws IOException {
    flat.checkIntegrity();
    CodecUtil.checksumEntireFile(model);
    CodecUtil.checksumEntireFile(lists);
  }

  @Override
  public FloatVectorValues getFloatVectorValues(String field) throws IOException {
    try {
      return flat.getFloatVectorValues(field);
    } catch (IOException | RuntimeException e) {
      failClosed(e);
      throw e;
    }
  }

  @Override
  public ByteVectorValues getByteVectorValues(String field) throws IOException {
    try {
      return flat.getByteVectorValues(field);
    } catch (IOException | RuntimeException e) {
      failClosed(e);
      throw e;
    }
  }

  @Override
  public Map<String, Long> getOffHeapByteSize(FieldInfo info) {
    FieldMeta meta = meta(info.name);
    Map<String, Long> raw = flat.getOffHeapByteSize(info);
    if (meta.lists() == null) {
      return raw;
    }
    Map<String, Long> built =
        Map.of(
            FileNames.MODEL.extension(),
            meta.lists().modelLength(),
            FileNames.LISTS.extension(),
            meta.lists().listsLength());
    return mergeOffHeapByteSizeMaps(raw, built);
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      IOUtils.close(models.values());
    }
    IOUtils.close(flat, model, lists);
  }
}
