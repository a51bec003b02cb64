// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.rvc.npy.NpyWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.IOUtils;

/**
 * A folder of voices: frames of many speakers in one Lucene index. All frames of a voice have one
 * dimension; voices of several dimensions (RVC's v1 and v2) may stand side by side.
 *
 * <p>Searching takes no lock: any number of threads and processes may search while one changes the
 * store, and see it as of a commit. A change locks the folder for as long as it takes and is one
 * commit: a process that is killed leaves the store as it was. Several threads may use one store
 * object; their changes wait for each other.
 */
public final class VoiceStore implements Closeable {
  private final Path folder;

  /** Held while the store is changed, so that nobody who searches waits for it. */
  private final Object changing = new Object();

  // Both null while nothing has been committed.
  private Directory directory;
  private SearcherManager searchers;

  private VoiceStore(Path folder) {
    this.folder = folder;
  }

  /**
   * Opens a store.
   *
   * @throws StoreException if there is none in {@code folder}, or it is damaged
   * @throws IOException if it cannot be read
   */
  public static VoiceStore open(Path folder) throws IOException {
    VoiceStore store = load(folder);
    if (store.searchers == null) {
      store.close();
      throw new StoreException(
          folder
              + ": no store there; make one with: ivfpq add --store "
              + folder
              + " --speaker NAME FOLDER");
    }
    return store;
  }

  /**
   * Opens a store, or a folder that becomes one when a voice is added. Makes and writes nothing.
   *
   * @throws StoreException if {@code folder} is a file, holds anything else, or is damaged
   * @throws IOException if it cannot be read
   */
  public static VoiceStore openOrCreate(Path folder) throws IOException {
    VoiceStore store = load(folder);
    try {
      if (store.searchers == null && Files.exists(folder)) {
        store.checkNothingElse();
      }
      return store;
    } catch (Throwable t) {
      store.close();
      throw t;
    }
  }

  private static VoiceStore load(Path folder) throws IOException {
    VoiceStore store = new VoiceStore(folder);
    if (Files.exists(folder)) {
      if (!Files.isDirectory(folder)) {
        throw new StoreException(folder + ": a file; a store is a folder, name another");
      }
      try {
        store.openIndex();
      } catch (Throwable t) {
        store.close();
        throw t;
      }
    }
    return store;
  }

  private void openIndex() throws IOException {
    try {
      directory = FSDirectory.open(folder);
      if (DirectoryReader.indexExists(directory)) {
        DirectoryReader reader = DirectoryReader.open(directory);
        try {
          StoreCommit.of(reader.getIndexCommit().getUserData(), folder);
          searchers = new SearcherManager(reader, new StoreSearchers().snapshots());
        } catch (Throwable t) {
          IOUtils.closeWhileSuppressingExceptions(t, reader);
          throw t;
        }
      }
    } catch (StoreException | AccessDeniedException e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      // Lucene says so of damaged, cut or missing files, of other versions, and of unknown formats.
      throw new StoreException(
          folder
              + ": damaged, or written by another version ("
              + e.getMessage()
              + "); restore it from a copy or add the voices to a new folder",
          e);
    }
  }

  /** Leaves alone folders that hold something else; what a killed first add left is no obstacle. */
  private void checkNothingElse() throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!name.startsWith("_")
            && !name.startsWith("pending_segments")
            && !name.equals(IndexWriter.WRITE_LOCK_NAME)) {
          throw new StoreException(
              folder
                  + ": no store, but a folder that holds "
                  + name
                  + "; name a new or an empty"
                  + " folder");
        }
      }
    }
  }

  /** The folder, as it was given. */
  public Path folder() {
    return folder;
  }

  /** The dimensions of the voices; empty while there are none. */
  public SortedSet<Integer> dims() throws IOException {
    return commit().dims();
  }

  /** All voices, by speaker; empty while there are none. */
  public List<VoiceRecord> speakers() throws IOException {
    return List.copyOf(commit().voices().values());
  }

  /**
   * The names of a speaker's clips, sorted.
   *
   * @throws StoreException if there is no such speaker
   */
  public List<String> clips(String speaker) throws IOException {
    return withSnapshot(
        snapshot -> {
          if (!snapshot.commit().voices().containsKey(speaker)) {
            throw VoiceSelection.unknown(snapshot.commit(), speaker, folder);
          }
          return new StoreSurvey(snapshot).clips(speaker);
        });
  }

  /** What queries of each dimension do where they do not say, as far as that was set. */
  public SortedMap<Integer, ScanDefault> scanDefaults() throws IOException {
    return new TreeMap<>(commit().scans());
  }

  /**
   * Adds a voice in one commit: all of it, or nothing if any of it cannot be added.
   *
   * @param existing what becomes of clips that the speaker has already
   * @throws StoreException if the store is locked, or the speaker's voice has other dims, is of
   *     another embedder, or already has one of the clips
   * @throws IOException if a file is not as it should be, or reading or writing fails
   */
  public AddSummary add(Voice voice, ExistingClips existing, Progress progress) throws IOException {
    List<ClipBytes> files = voice.clips().stream().map(ClipBytes::of).toList();
    var clips = CheckedClip.check(files, stays(voice.speaker(), existing), progress);
    var addition = new Addition(voice.speaker(), voice.embedder(), voice.source(), clips);
    return add(List.of(addition), existing, progress).getFirst();
  }

  /**
   * Adds what a user has of a voice, in one commit: all of it, or nothing if any of it cannot be
   * added. An index, like a matrix of all frames, becomes one clip.
   *
   * @throws dev.ivfpq.rvc.faiss.FaissException if an index is none, damaged, or its vectors cannot
   *     be had
   * @throws dev.ivfpq.rvc.file.ArchiveException if an archive is damaged or not to be trusted
   * @throws StoreException if there is no voice, or as for {@link #add}
   * @throws IOException if a file is not as it should be, or reading or writing fails
   */
  public ImportSummary importVoice(VoiceImport voice, ExistingClips existing, Progress progress)
      throws IOException {
    try (VoiceMaterial material = VoiceMaterial.open(voice.path())) {
      List<Addition> additions = new ArrayList<>();
      for (var files : voice.speakers().divide(material.files(), voice.path()).entrySet()) {
        String speaker = files.getKey();
        var clips = material.check(files.getValue(), stays(speaker, existing), progress);
        additions.add(new Addition(speaker, voice.embedder(), voice.path().toString(), clips));
      }
      return material.summary(add(additions, existing, progress));
    }
  }

  /** The voice that clips would be added to. */
  private Optional<VoiceRecord> stays(String speaker, ExistingClips existing) throws IOException {
    return existing == ExistingClips.REPLACE_ALL
        ? Optional.empty()
        : Optional.ofNullable(commit().voices().get(speaker));
  }

  private List<AddSummary> add(List<Addition> additions, ExistingClips existing, Progress progress)
      throws IOException {
    List<Integer> replaced =
        change(
            progress,
            writer -> {
              List<Integer> counts = new ArrayList<>();
              for (Addition addition : additions) {
                counts.add(writer.add(addition, existing, progress));
              }
              return counts;
            });
    long storeFrames = withSnapshot(snapshot -> (long) snapshot.getIndexReader().numDocs());
    List<AddSummary> added = new ArrayList<>();
    for (Addition addition : additions) {
      added.add(
          new AddSummary(
              addition.speaker(),
              addition.clips().size(),
              replaced.get(added.size()),
              addition.frames(),
              addition.dims(),
              storeFrames));
    }
    return added;
  }

  /**
   * Removes a speaker's voice.
   *
   * @throws StoreException if there is none, or the store is locked
   * @throws IOException if writing fails
   */
  public void remove(String speaker, Progress progress) throws IOException {
    checkNotEmpty();
    change(
        progress,
        writer -> {
          writer.remove(speaker);
          return null;
        });
  }

  /**
   * Gives a speaker another name. All frames of the voice are written anew.
   *
   * @throws StoreException if there is no such speaker, already one of the other name, or the store
   *     is locked
   * @throws IOException if writing fails
   */
  public void rename(String from, String to, Progress progress) throws IOException {
    Voice.checkSpeaker(to);
    checkNotEmpty();
    change(
        progress,
        writer -> {
          writer.rename(from, to, progress);
          return null;
        });
  }

  /**
   * Makes the frames of a clip not be found, by searchers opened from now on, until it is unmuted.
   * They stay in the store. A clip that is muted already stays so.
   *
   * @throws StoreException if there is no such clip, or the store is locked
   * @throws IOException if writing fails
   * @see FrameSearcher#mute
   */
  public void mute(ClipId clip) throws IOException {
    checkNotEmpty();
    change(
        Progress.NONE,
        writer -> {
          writer.checkThere(clip);
          return writer.recorded().muted().add(clip);
        });
  }

  /**
   * Makes the frames of a muted clip be found again.
   *
   * @throws StoreException if there is no such clip, or the store is locked
   * @throws IOException if writing fails
   */
  public void unmute(ClipId clip) throws IOException {
    checkNotEmpty();
    change(
        Progress.NONE,
        writer -> {
          writer.checkThere(clip);
          return writer.recorded().muted().remove(clip);
        });
  }

  /**
   * Sets how thoroughly frames of a dimension are searched where a query does not say.
   *
   * @throws StoreException if there are no such frames, or the store is locked
   * @throws IOException if writing fails
   */
  public void setScanDefault(int dims, ScanDefault scan) throws IOException {
    checkNotEmpty();
    change(
        Progress.NONE,
        writer -> {
          if (!writer.recorded().dims().contains(dims)) {
            throw new StoreException(folder + ": no voice of " + dims + " dims in this store");
          }
          return writer.recorded().scans().put(dims, scan);
        });
  }

  /** What is done to a store under its lock. */
  @FunctionalInterface
  private interface Change<T> {
    T apply(StoreWriter writer) throws IOException;
  }

  /** Makes a change and commits it, or leaves the store as it was. */
  private <T> T change(Progress progress, Change<T> change) throws IOException {
    T result;
    synchronized (changing) {
      boolean made = Files.notExists(folder);
      try (Directory target = FSDirectory.open(folder);
          StoreWriter writer = StoreWriter.open(folder, target)) {
        result = change.apply(writer);
        writer.commit(progress);
      } catch (Throwable t) {
        if (made) {
          unmake(t);
        }
        if (t instanceof IOException e) {
          throw inWords(e);
        }
        throw t;
      }
    }
    refresh();
    return result;
  }

  /** Failures of the disk name no file; the others name their own and what to do. */
  private IOException inWords(IOException failure) {
    if (failure.getClass() != IOException.class) {
      return failure;
    }
    return new StoreException(
        folder
            + ": writing failed ("
            + failure.getMessage()
            + "), the store is as it was; mend that, or make room, and add again",
        failure);
  }

  /** Takes away the folder that a failed first add has made. */
  private void unmake(Throwable failure) {
    try {
      Files.deleteIfExists(folder.resolve(IndexWriter.WRITE_LOCK_NAME));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * Sees what other processes have committed since the store was opened. Searchers that are open
   * stay with what they see.
   *
   * @throws IOException if it cannot be read
   */
  public synchronized void refresh() throws IOException {
    if (searchers == null) {
      if (directory != null) {
        directory.close();
      }
      openIndex();
    } else {
      searchers.maybeRefreshBlocking();
    }
  }

  /** What is asked of a snapshot. */
  @FunctionalInterface
  private interface Question<T> {
    T answer(StoreSearcher snapshot) throws IOException;
  }

  /** Asks the newest snapshot that was seen. */
  private <T> T withSnapshot(Question<T> question) throws IOException {
    SearcherManager source = checkNotEmpty();
    StoreSearcher snapshot = (StoreSearcher) source.acquire();
    try {
      return question.answer(snapshot);
    } finally {
      source.release(snapshot);
    }
  }

  /** What that commit recorded; nothing while there is none. */
  private StoreCommit commit() throws IOException {
    return source() == null ? StoreCommit.empty() : withSnapshot(StoreSearcher::commit);
  }

  private synchronized SearcherManager source() {
    return searchers;
  }

  private SearcherManager checkNotEmpty() throws StoreException {
    SearcherManager source = source();
    if (source == null) {
      throw new StoreException(folder + ": nothing in this store yet; add a voice first");
    }
    return source;
  }

  /**
   * Opens a searcher for frames of the caller's own.
   *
   * @throws StoreException if the store is empty, has no such speaker, or the voices asked for have
   *     several dimensions
   * @throws IOException if it cannot be read
   */
  public FrameSearcher searcher(SearchSettings settings) throws IOException {
    return searcher(settings, OptionalInt.empty(), folder);
  }

  /** A searcher for a query of known dimension, which has this name in messages. */
  private FrameSearcher searcher(SearchSettings settings, OptionalInt dims, Path query)
      throws IOException {
    SearcherManager source = checkNotEmpty();
    StoreSearcher snapshot = (StoreSearcher) source.acquire();
    try {
      VoiceSelection voices = VoiceSelection.of(snapshot.commit(), settings, dims, query, folder);
      return new FrameSearcher(source, snapshot, voices, settings);
    } catch (Throwable t) {
      source.release(snapshot);
      throw t;
    }
  }

  /**
   * Opens a session for a stream.
   *
   * @param settings whose speakers the mix takes the place of
   * @param maxFrames most frames of a block
   * @throws StoreException if the store is empty, has no such speaker, or the voices have several
   *     dimensions
   * @throws IOException if it cannot be read
   */
  public VoiceSession session(Mix mix, SearchSettings settings, int maxFrames) throws IOException {
    return session(mix, settings, maxFrames, OptionalInt.empty(), folder);
  }

  private VoiceSession session(
      Mix mix, SearchSettings settings, int maxFrames, OptionalInt dims, Path query)
      throws IOException {
    if (maxFrames < 1) {
      throw new IllegalArgumentException("maxFrames must be at least 1, got " + maxFrames);
    }
    SearcherManager source = checkNotEmpty();
    StoreSearcher snapshot = (StoreSearcher) source.acquire();
    List<FrameSearcher> voices = new ArrayList<>();
    try {
      // Together first, so that voices of several dimensions are refused.
      VoiceSelection.of(
          snapshot.commit(), settings.withSpeakers(mix.speakers()), dims, query, folder);
      for (String speaker : mix.speakers()) {
        VoiceSelection one =
            VoiceSelection.of(
                snapshot.commit(), settings.withSpeaker(speaker), dims, query, folder);
        snapshot.getIndexReader().incRef();
        voices.add(new FrameSearcher(source, snapshot, one, settings));
      }
      return new VoiceSession(voices, mix, maxFrames);
    } catch (Throwable t) {
      IOUtils.closeWhileSuppressingExceptions(t, voices);
      throw t;
    } finally {
      source.release(snapshot);
    }
  }

  /**
   * Blends all frames of a clip with a mix of voices.
   *
   * @param query a {@code .npy} file
   * @param out takes the result when all of it is there: {@code <f4}, of the same shape
   * @throws StoreException if the clip does not fit the voices or there is no such speaker
   * @throws IOException if the file is not as it should be, or reading or writing fails
   */
  public ConvertSummary mix(
      Path query, Path out, Mix mix, SearchSettings settings, Blend blend, Progress progress)
      throws IOException {
    try (QueryClip clip = QueryClip.open(query);
        VoiceSession session =
            session(mix, settings, QueryClip.BLOCK, OptionalInt.of(clip.dims()), query);
        NpyWriter writer = NpyWriter.create(out, clip.frames(), clip.dims())) {
      progress.begin("mixing", clip.frames());
      int unanswered = 0;
      for (List<float[]> block = clip.next(); !block.isEmpty(); block = clip.next()) {
        float[][] frames = block.toArray(float[][]::new);
        unanswered += session.convert(frames, frames.length, blend, frames);
        for (float[] converted : frames) {
          writer.write(converted, 1);
        }
        progress.advance(frames.length);
      }
      writer.finish();
      return new ConvertSummary(clip.frames(), clip.dims(), unanswered);
    }
  }

  /**
   * Finds the neighbours of frames, all in one batch.
   *
   * @param frames (T, dims), not modified
   * @return for each frame its neighbours, nearest first; none where none was found
   * @throws IllegalArgumentException if a frame has other dims than the first or a value is not
   *     finite
   * @throws StoreException if the frames do not fit the store or there is no such speaker
   * @throws IOException if reading fails
   */
  public List<List<Neighbour>> retrieve(float[][] frames, SearchSettings settings)
      throws IOException {
    if (frames.length == 0) {
      return List.of();
    }
    OptionalInt dims = OptionalInt.of(frames[0].length);
    try (FrameSearcher searcher = searcher(settings, dims, Path.of("frames"))) {
      return searcher.search(List.of(frames));
    }
  }

  /**
   * Searches with all frames of a clip.
   *
   * @param query a {@code .npy} file
   * @throws StoreException if the clip does not fit the store or there is no such speaker
   * @throws IOException if the file is not as it should be, reading fails, or the visitor throws
   */
  public void search(
      Path query, SearchSettings settings, NeighbourVisitor visitor, Progress progress)
      throws IOException {
    try (QueryClip clip = QueryClip.open(query);
        FrameSearcher searcher = searcher(settings, OptionalInt.of(clip.dims()), query)) {
      visitor.begin(searcher.voices());
      progress.begin("searching", clip.frames());
      int frame = 0;
      for (List<float[]> block = clip.next(); !block.isEmpty(); block = clip.next()) {
        for (List<Neighbour> neighbours : searcher.search(block)) {
          visitor.visit(frame++, neighbours);
        }
        progress.advance(block.size());
      }
    }
  }

  /**
   * Blends all frames of a clip with their neighbours.
   *
   * @param query a {@code .npy} file
   * @param out takes the result when all of it is there: {@code <f4}, of the same shape
   * @throws StoreException if the clip does not fit the store or there is no such speaker
   * @throws IOException if the file is not as it should be, or reading or writing fails
   */
  public ConvertSummary convert(
      Path query, Path out, SearchSettings settings, Blend blend, Progress progress)
      throws IOException {
    try (QueryClip clip = QueryClip.open(query);
        FrameSearcher searcher = searcher(settings, OptionalInt.of(clip.dims()), query);
        NpyWriter writer = NpyWriter.create(out, clip.frames(), searcher.dims())) {
      progress.begin("converting", clip.frames());
      int unanswered = 0;
      for (List<float[]> block = clip.next(); !block.isEmpty(); block = clip.next()) {
        unanswered += searcher.convert(block, blend);
        for (float[] converted : block) {
          writer.write(converted, 1);
        }
        progress.advance(block.size());
      }
      writer.finish();
      return new ConvertSummary(clip.frames(), searcher.dims(), unanswered);
    }
  }

  /**
   * Writes frames as a faiss index and a matrix, named and made as RVC uses them: the index has
   * lists of raw vectors, none of less than 8, and answers as the store does if all lists are
   * searched; so muted clips are left out. Takes 4 bytes a frame, and at most 128 MB for training.
   *
   * @throws StoreException if the store is empty, has no such speaker, or the voices cannot be one
   *     or have all their clips muted, or files are there already
   * @throws IOException if reading or writing fails; nothing is left of what was begun
   */
  public ExportSummary exportIndex(VoiceExport export, ExistingFiles existing, Progress progress)
      throws IOException {
    return withSnapshot(
        snapshot -> {
          SpeakerFrames frames = SpeakerFrames.of(snapshot, export.speakers(), folder, progress);
          return new IndexExporter(export, frames).write(existing);
        });
  }

  /**
   * Counts what is in the store.
   *
   * @throws StoreException if it is empty
   * @throws IOException if it cannot be read
   */
  public StoreInfo info() throws IOException {
    return withSnapshot(snapshot -> new StoreSurvey(snapshot).info(snapshot.commit()));
  }

  /**
   * Reads every byte of the store and compares what is there with what is recorded. Locks it
   * meanwhile.
   *
   * @return what is wrong, in sentences; nothing if the store is sound
   * @throws StoreException if the store is locked or there is none
   * @throws IOException if it cannot be read
   */
  public List<String> check(Progress progress) throws IOException {
    checkNotEmpty();
    synchronized (changing) {
      try (Directory target = FSDirectory.open(folder)) {
        return new StoreCheck(target, progress).problems();
      } catch (LockObtainFailedException e) {
        throw StoreWriter.locked(folder, e);
      }
    }
  }

  @Override
  public synchronized void close() throws IOException {
    try {
      if (searchers != null) {
        searchers.close();
      }
    } finally {
      if (directory != null) {
        directory.close();
      }
    }
  }
}
