// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.IOUtils;

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
  private final StoreCommit commit;
  private boolean framesChanged;
  private boolean committed;

  private StoreWriter(Path folder, IndexWriter writer, StoreCommit commit) {
    this.folder = folder;
    this.writer = writer;
    this.commit = commit;
  }

  /**
   * Locks the store.
   *
   * @param folder where {@code directory} is, for messages
   * @param pool shares the work of merges; outlives the writer
   * @throws StoreException if another writer has it locked
   * @throws IOException if it cannot be opened
   */
  static StoreWriter open(Path folder, Directory directory, WorkPool pool) throws IOException {
    TieredMergePolicy merges = new TieredMergePolicy();
    merges.setSegmentsPerTier(SEGMENTS_PER_TIER);
    merges.setNoCFSRatio(0);
    IndexWriterConfig config =
        new IndexWriterConfig(null)
            .setCodec(StoreLayout.CODEC)
            .setMergePolicy(merges)
            .setMergeScheduler(new CallerMergeScheduler(pool))
            .setUseCompoundFile(false)
            .setRAMBufferSizeMB(bufferMegabytes());
    IndexWriter writer = lock(folder, directory, config);
    try {
      return new StoreWriter(folder, writer, recorded(writer, folder));
    } catch (Throwable t) {
      IOUtils.closeWhileSuppressingExceptions(t, writer::rollback);
      throw t;
    }
  }

  private static IndexWriter lock(Path folder, Directory directory, IndexWriterConfig config)
      throws IOException {
    try {
      return new IndexWriter(directory, config);
    } catch (LockObtainFailedException e) {
      throw locked(folder, e);
    }
  }

  /** That somebody else has the store locked. */
  static StoreException locked(Path folder, LockObtainFailedException e) {
    return new StoreException(
        folder + ": locked, another process is changing this store; try again when it is done", e);
  }

  /** What the last commit recorded. */
  private static StoreCommit recorded(IndexWriter writer, Path folder) throws StoreException {
    Map<String, String> userData = new HashMap<>();
    Iterable<Map.Entry<String, String>> entries = writer.getLiveCommitData();
    if (entries != null) {
      entries.forEach(entry -> userData.put(entry.getKey(), entry.getValue()));
    }
    return userData.isEmpty() ? StoreCommit.empty() : StoreCommit.of(userData, folder);
  }

  /** A quarter of the heap, so that a voice becomes one segment at once where there is room. */
  private static double bufferMegabytes() {
    return Math.clamp(Runtime.getRuntime().maxMemory() >> 22, 16, 1024);
  }

  /** What the commit will record. */
  StoreCommit recorded() {
    return commit;
  }

  /**
   * Adds a voice; nothing is seen of it before {@link #commit}.
   *
   * @return how many clips were replaced
   * @throws StoreException if the speaker's voice has other dims or is of another embedder, or
   *     already has one of the clips
   * @throws IOException if reading or writing fails
   */
  int add(Addition voice, ExistingClips existing, Progress progress) throws IOException {
    String speaker = voice.speaker();
    int replaced = 0;
    if (existing == ExistingClips.REPLACE_ALL && commit.voices().containsKey(speaker)) {
      replaced = clips(speaker);
      remove(speaker);
    }
    Optional<VoiceRecord> before = Optional.ofNullable(commit.voices().get(speaker));
    // Again, under the lock: somebody else may have made the voice meanwhile.
    voice.checkFits(before);
    // To look clips up flushes what was added before, voice by voice of a large import.
    Set<String> present = before.isEmpty() ? Set.of() : present(speaker, voice.clips());
    if (existing == ExistingClips.REFUSE && !present.isEmpty()) {
      throw voice.alreadyThere(present);
    }
    progress.begin("adding", voice.frames());
    for (CheckedFrames clip : voice.clips()) {
      if (present.contains(clip.name())) {
        writer.deleteDocuments(StoreLayout.clipTerm(speaker, clip.name()));
        commit.muted().remove(new ClipId(speaker, clip.name()));
      }
      addFrames(speaker, clip, progress);
    }
    commit.voices().put(speaker, voice.record(before));
    framesChanged = true;
    return replaced + present.size();
  }

  /**
   * Removes a speaker with all frames.
   *
   * @throws StoreException if there is none
   */
  void remove(String speaker) throws IOException {
    voice(speaker);
    writer.deleteDocuments(StoreLayout.speakerTerm(speaker));
    commit.remove(speaker);
    framesChanged = true;
  }

  /**
   * Gives a speaker another name. Each frame holds its speaker's, so they are written anew.
   *
   * @throws StoreException if there is no such speaker, or already one of the new name
   */
  void rename(String from, String to, Progress progress) throws IOException {
    VoiceRecord voice = voice(from);
    if (commit.voices().containsKey(to)) {
      throw new StoreException(
          folder + ": there is a speaker \"" + to + "\" already; remove that voice first");
    }
    List<String> mutedClips =
        commit.muted().stream()
            .filter(clip -> clip.speaker().equals(from))
            .map(ClipId::clip)
            .toList();
    try (DirectoryReader reader = DirectoryReader.open(writer)) {
      StoredFrames frames = new StoredFrames(reader, from, voice.dims());
      progress.begin("renaming", frames.count());
      addFrames(to, frames, voice.dims(), progress);
    }
    remove(from);
    commit
        .voices()
        .put(to, new VoiceRecord(to, voice.dims(), voice.embedder(), voice.source(), voice.date()));
    mutedClips.forEach(clip -> commit.muted().add(new ClipId(to, clip)));
  }

  /**
   * Leaves of a voice only some frames, which are written anew, so that those that go take no room.
   *
   * @param frames those that stay, of the snapshot that this changes
   */
  void keep(VoiceRecord voice, StoredFrames frames, Progress progress) throws IOException {
    progress.begin("writing", frames.count());
    // Takes only what was added before it.
    writer.deleteDocuments(StoreLayout.speakerTerm(voice.speaker()));
    addFrames(voice.speaker(), frames, voice.dims(), progress);
    writer.forceMergeDeletes();
    framesChanged = true;
  }

  private void addFrames(String speaker, StoredFrames frames, int dims, Progress progress)
      throws IOException {
    FrameDocument document = new FrameDocument(speaker, dims);
    int[] added = {0};
    frames.forEach(
        (clip, number, vector) -> {
          writer.addDocument(document.of(clip, number, vector));
          if (++added[0] % STEP == 0) {
            progress.advance(STEP);
          }
        });
    progress.advance(added[0] % STEP);
  }

  /**
   * Looks a clip up.
   *
   * @throws StoreException if there is no such speaker, or no such clip of this speaker
   */
  void checkThere(ClipId clip) throws IOException {
    voice(clip.speaker());
    try (DirectoryReader reader = DirectoryReader.open(writer)) {
      if (new IndexSearcher(reader).count(new TermQuery(clip.term())) == 0) {
        throw new StoreException(
            folder
                + ": speaker \""
                + clip.speaker()
                + "\" has no clip \""
                + clip.clip()
                + "\"; a clip's name is its file's, without .npy");
      }
    }
  }

  private VoiceRecord voice(String speaker) throws StoreException {
    VoiceRecord voice = commit.voices().get(speaker);
    if (voice == null) {
      throw VoiceSelection.unknown(commit, speaker, folder);
    }
    return voice;
  }

  private int clips(String speaker) throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(writer)) {
      return new StoreSurvey(new IndexSearcher(reader)).clips(speaker).size();
    }
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
    FrameDocument document = new FrameDocument(speaker, clip.dims());
    int[] added = {0};
    clip.forEach(
        (number, values) -> {
          writer.addDocument(document.of(clip.name(), number, values));
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
    if (framesChanged) {
      progress.begin("building the index", Progress.UNKNOWN);
      writer.flush();
      int widest = commit.voices().isEmpty() ? 0 : commit.dims().last();
      if (writer.getDocStats().numDocs * widest * Float.BYTES <= ONE_SEGMENT_BYTES) {
        writer.forceMerge(1);
      }
    }
    writer.setLiveCommitData(commit.userData().entrySet());
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
