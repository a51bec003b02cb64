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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * A folder of voices: frames of many speakers, all of one dimension, in one Lucene index.
 *
 * <p>Searching takes no lock: any number of threads and processes may search while one adds, and
 * see the store as of the last commit. Adding locks the folder for as long as it takes. Several
 * threads may use one store object.
 */
public final class VoiceStore implements Closeable {
  private final Path folder;

  // All three null while nothing has been committed.
  private Directory directory;
  private SearcherManager searchers;
  private StoreLayout layout;

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
    if (store.layout == null) {
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
      if (store.layout == null && Files.exists(folder)) {
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
        searchers = new SearcherManager(reader, new StoreSearchers());
        layout = StoreLayout.of(reader.getIndexCommit().getUserData(), folder);
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

  /** Dimension of the frames; empty while there are none. */
  public synchronized OptionalInt dims() {
    return layout == null ? OptionalInt.empty() : OptionalInt.of(layout.dims());
  }

  /**
   * Adds a voice in one commit: all of it, or nothing if any of it cannot be added.
   *
   * @param existing what becomes of clips that the speaker has already
   * @throws StoreException if the store is locked, has other dims, or already has one of the clips
   * @throws IOException if a file is not as it should be, or reading or writing fails
   */
  public synchronized AddSummary add(Voice voice, ExistingClips existing, Progress progress)
      throws IOException {
    List<ClipBytes> files = voice.clips().stream().map(ClipBytes::of).toList();
    var clips = CheckedClip.check(files, dims(), folder, progress);
    return addChecked(Map.of(voice.speaker(), clips), existing, progress).getFirst();
  }

  /**
   * Adds what a user has of a voice, in one commit: all of it, or nothing if any of it cannot be
   * added. An index, like a matrix of all frames, becomes one clip.
   *
   * @throws dev.ivfpq.rvc.faiss.FaissException if an index is none, damaged, or its vectors cannot
   *     be had
   * @throws dev.ivfpq.rvc.file.ArchiveException if an archive is damaged or not to be trusted
   * @throws StoreException if there is no voice, the store is locked, has other dims, or already
   *     has one of the clips
   * @throws IOException if a file is not as it should be, or reading or writing fails
   */
  public synchronized ImportSummary importVoice(
      VoiceImport voice, ExistingClips existing, Progress progress) throws IOException {
    try (VoiceMaterial material = VoiceMaterial.open(voice.path())) {
      Map<String, List<? extends CheckedFrames>> voices = new LinkedHashMap<>();
      for (var files : voice.speakers().divide(material.files(), voice.path()).entrySet()) {
        voices.put(files.getKey(), material.check(files.getValue(), dims(), folder, progress));
      }
      return material.summary(addChecked(voices, existing, progress));
    }
  }

  private List<AddSummary> addChecked(
      Map<String, List<? extends CheckedFrames>> voices, ExistingClips existing, Progress progress)
      throws IOException {
    boolean made = Files.notExists(folder);
    List<Integer> replaced = new ArrayList<>();
    try (Directory target = FSDirectory.open(folder);
        StoreWriter writer = StoreWriter.open(folder, target)) {
      for (var voice : voices.entrySet()) {
        replaced.add(writer.add(voice.getKey(), voice.getValue(), existing, progress));
      }
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
    refresh();
    List<AddSummary> added = new ArrayList<>();
    for (var voice : voices.entrySet()) {
      var clips = voice.getValue();
      long frames = clips.stream().mapToLong(CheckedFrames::frames).sum();
      added.add(
          new AddSummary(
              voice.getKey(),
              clips.size(),
              replaced.get(added.size()),
              frames,
              layout.dims(),
              storeFrames()));
    }
    return added;
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

  private long storeFrames() throws IOException {
    IndexSearcher searcher = searchers.acquire();
    try {
      return searcher.getIndexReader().numDocs();
    } finally {
      searchers.release(searcher);
    }
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

  /**
   * Opens a searcher for frames of the caller's own.
   *
   * @throws StoreException if the store is empty or has no such speaker
   * @throws IOException if it cannot be read
   */
  public synchronized FrameSearcher searcher(SearchSettings settings) throws IOException {
    checkNotEmpty();
    FrameSearcher searcher = FrameSearcher.open(searchers, layout.dims(), settings);
    try {
      if (settings.speaker().isPresent() && !searcher.hasFrames()) {
        throw unknownSpeaker(settings.speaker().get());
      }
      return searcher;
    } catch (Throwable t) {
      searcher.close();
      throw t;
    }
  }

  private void checkNotEmpty() throws StoreException {
    if (layout == null) {
      throw new StoreException(folder + ": nothing in this store yet; add a voice first");
    }
  }

  private StoreException unknownSpeaker(String speaker) throws IOException {
    IndexSearcher searcher = searchers.acquire();
    try {
      TreeSet<String> known = new StoreSurvey(searcher).speakers();
      int shown = 10;
      String names = String.join(", ", known.stream().limit(shown).toList());
      return new StoreException(
          folder
              + ": no speaker \""
              + speaker
              + "\" in this store; it has "
              + names
              + (known.size() > shown ? " and " + (known.size() - shown) + " more" : ""));
    } finally {
      searchers.release(searcher);
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
    try (FrameSearcher searcher = searcher(settings);
        QueryClip clip = QueryClip.open(query, searcher.dims(), folder)) {
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
    try (FrameSearcher searcher = searcher(settings);
        QueryClip clip = QueryClip.open(query, searcher.dims(), folder);
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
   * searched. Takes 4 bytes a frame, and at most 128 MB for training.
   *
   * @throws StoreException if the store is empty or has no such speaker, or files are there already
   * @throws IOException if reading or writing fails; nothing is left of what was begun
   */
  public ExportSummary exportIndex(VoiceExport export, ExistingFiles existing, Progress progress)
      throws IOException {
    checkNotEmpty();
    IndexSearcher snapshot = searchers.acquire();
    try {
      for (String speaker : export.speakers()) {
        if (snapshot.count(new TermQuery(StoreLayout.speakerTerm(speaker))) == 0) {
          throw unknownSpeaker(speaker);
        }
      }
      SpeakerFrames frames = SpeakerFrames.of(snapshot, export.speakers(), layout.dims(), progress);
      return new IndexExporter(export, frames).write(existing);
    } finally {
      searchers.release(snapshot);
    }
  }

  /**
   * Counts what is in the store.
   *
   * @throws StoreException if it is empty
   * @throws IOException if it cannot be read
   */
  public synchronized StoreInfo info() throws IOException {
    checkNotEmpty();
    IndexSearcher searcher = searchers.acquire();
    try {
      return new StoreSurvey(searcher).info(layout.dims());
    } finally {
      searchers.release(searcher);
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
