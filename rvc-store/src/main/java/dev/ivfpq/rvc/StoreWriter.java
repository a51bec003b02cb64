// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.BytesRef;

/**
 * One change of a store: locked from {@link #open} to {@link #close}, and one commit or none.
 *
 * <p>How many segments are left is a trade: each one costs every later search some microseconds,
 * and merging trains the quantizers anew. Up to 64 MB of vectors (62,500 frames at 256 dims) a
 * store is kept as one segment, which takes a second or two; beyond that four segments of a size
 * are tolerated before they are merged.
 */
final class StoreWriter implements Closeable {
  private static final long ONE_SEGMENT_BYTES = 64L << 20;
  private static final double SEGMENTS_PER_TIER = 4;

  /** Frames between two words about progress. */
  private static final int STEP = 512;

  private final Path folder;
  private final IndexWriter writer;
  private boolean committed;

  private StoreWriter(Path folder, IndexWriter writer) {
    this.folder = folder;
    this.writer = writer;
  }

  /**
   * Locks the store.
   *
   * @param folder where {@code directory} is, for messages
   * @throws StoreException if another writer has it locked
   * @throws IOException if it cannot be opened
   */
  static StoreWriter open(Path folder, Directory directory) throws IOException {
    TieredMergePolicy merges = new TieredMergePolicy();
    merges.setSegmentsPerTier(SEGMENTS_PER_TIER);
    merges.setNoCFSRatio(0);
    IndexWriterConfig config =
        new IndexWriterConfig(null)
            .setCodec(StoreLayout.CODEC)
            .setMergePolicy(merges)
            .setMergeScheduler(new CallerMergeScheduler())
            .setUseCompoundFile(false)
            .setRAMBufferSizeMB(bufferMegabytes());
    try {
      return new StoreWriter(folder, new IndexWriter(directory, config));
    } catch (LockObtainFailedException e) {
      throw new StoreException(
          folder + ": locked, another process is changing this store; try again when it is done",
          e);
    }
  }

  /** A quarter of the heap, so that a voice becomes one segment at once where there is room. */
  private static double bufferMegabytes() {
    return Math.clamp(Runtime.getRuntime().maxMemory() >> 22, 16, 1024);
  }

  /**
   * Adds a voice; nothing is seen of it before {@link #commit}.
   *
   * @param clips the voice's clips, checked
   * @return how many clips were replaced
   * @throws StoreException if the store has other dims or already has one of the clips
   * @throws IOException if reading or writing fails
   */
  int add(
      String speaker,
      List<? extends CheckedFrames> clips,
      ExistingClips existing,
      Progress progress)
      throws IOException {
    int dims = clips.getFirst().dims();
    checkDims(dims);
    Set<String> present = present(speaker, clips);
    if (existing == ExistingClips.REFUSE && !present.isEmpty()) {
      CheckedFrames first =
          clips.stream().filter(clip -> present.contains(clip.name())).findFirst().get();
      throw new StoreException(
          first.file()
              + ": speaker \""
              + speaker
              + "\" already has clip \""
              + first.name()
              + "\""
              + (present.size() > 1 ? " (and " + (present.size() - 1) + " more of these)" : "")
              + "; rename the file, or replace what is in the store with --replace");
    }
    progress.begin("adding", clips.stream().mapToLong(CheckedFrames::frames).sum());
    for (CheckedFrames clip : clips) {
      if (present.contains(clip.name())) {
        writer.deleteDocuments(StoreLayout.clipTerm(speaker, clip.name()));
      }
      addFrames(speaker, clip, progress);
    }
    writer.setLiveCommitData(new StoreLayout(dims).userData().entrySet());
    return present.size();
  }

  /** Again, under the lock: somebody else may have made the store meanwhile. */
  private void checkDims(int dims) throws StoreException {
    Map<String, String> userData = userData();
    if (userData.isEmpty()) {
      return;
    }
    int held = StoreLayout.of(userData, folder).dims();
    if (held != dims) {
      throw new StoreException(
          folder
              + ": this store holds frames of "
              + held
              + " dims, these have "
              + dims
              + "; add them to a store of their own");
    }
  }

  /** What the commit will record, or the last one did; empty in a new store. */
  private Map<String, String> userData() {
    Map<String, String> userData = new HashMap<>();
    Iterable<Map.Entry<String, String>> recorded = writer.getLiveCommitData();
    if (recorded != null) {
      recorded.forEach(entry -> userData.put(entry.getKey(), entry.getValue()));
    }
    return userData;
  }

  private Set<String> present(String speaker, List<? extends CheckedFrames> clips)
      throws IOException {
    Set<String> present = new HashSet<>();
    try (DirectoryReader reader = DirectoryReader.open(writer)) {
      IndexSearcher searcher = new IndexSearcher(reader);
      for (CheckedFrames clip : clips) {
        TermQuery frames = new TermQuery(StoreLayout.clipTerm(speaker, clip.name()));
        if (searcher.count(frames) > 0) {
          present.add(clip.name());
        }
      }
    }
    return present;
  }

  private void addFrames(String speaker, CheckedFrames clip, Progress progress) throws IOException {
    String name = clip.name();
    int dims = clip.dims();
    // Lucene copies what it is given, so one document serves all frames.
    float[] vector = new float[dims];
    NumericDocValuesField frame = new NumericDocValuesField(StoreLayout.FRAME, 0);
    Document document = new Document();
    document.add(
        new KnnFloatVectorField(StoreLayout.VECTOR, vector, VectorSimilarityFunction.EUCLIDEAN));
    document.add(new StringField(StoreLayout.SPEAKER, speaker, Field.Store.NO));
    document.add(new SortedDocValuesField(StoreLayout.SPEAKER, new BytesRef(speaker)));
    document.add(new SortedDocValuesField(StoreLayout.CLIP, new BytesRef(name)));
    document.add(
        new StringField(
            StoreLayout.CLIP_ID, StoreLayout.clipTerm(speaker, name).text(), Field.Store.NO));
    document.add(frame);
    int[] added = {0};
    clip.forEach(
        (number, values) -> {
          System.arraycopy(values, 0, vector, 0, dims);
          frame.setLongValue(number);
          writer.addDocument(document);
          if (++added[0] % STEP == 0) {
            progress.advance(STEP);
          }
        });
    progress.advance(added[0] % STEP);
  }

  /**
   * Builds the segments and makes the change seen, as one commit.
   *
   * @throws IOException if that fails; the store is then as it was
   */
  void commit(Progress progress) throws IOException {
    progress.begin("building the index", Progress.UNKNOWN);
    writer.flush();
    long vectors = writer.getDocStats().numDocs;
    int dims = StoreLayout.of(userData(), folder).dims();
    if (vectors * dims * Float.BYTES <= ONE_SEGMENT_BYTES) {
      writer.forceMerge(1);
    }
    // Waits for merges, commits, and rolls back if it fails.
    writer.close();
    committed = true;
  }

  @Override
  public void close() throws IOException {
    if (!committed) {
      writer.rollback();
    }
  }
}
