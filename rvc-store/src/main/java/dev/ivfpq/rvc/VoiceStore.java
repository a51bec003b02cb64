// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
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
public final class VoiceStore implements Voices {
  private final StoreSnapshots snapshots;
  private final StoreChanges changes;
  private final StoreAdditions additions;
  private final StoreQueries queries;

  private VoiceStore(StoreSnapshots snapshots, WorkThreads threads) {
    this.snapshots = snapshots;
    this.changes = new StoreChanges(snapshots, threads);
    this.additions = new StoreAdditions(snapshots, changes);
    this.queries = new StoreQueries(snapshots);
  }

  /** Opens a store that works with a thread a processor. */
  public static VoiceStore open(Path folder) throws IOException {
    return open(folder, WorkThreads.processors());
  }

  /**
   * Opens a store.
   *
   * @param threads most that a change or check works with
   * @throws StoreException if there is none in {@code folder}, or it is damaged
   * @throws IOException if it cannot be read
   */
  public static VoiceStore open(Path folder, WorkThreads threads) throws IOException {
    StoreSnapshots snapshots = StoreSnapshots.open(folder);
    if (snapshots.none()) {
      snapshots.close();
      throw new StoreException(
          folder
              + ": no store there; make one with: ivfpq add --store "
              + folder
              + " --speaker NAME FOLDER");
    }
    return new VoiceStore(snapshots, threads);
  }

  /**
   * Opens a store, or a folder that becomes one when a voice is added, to work with a thread a
   * processor.
   */
  public static VoiceStore openOrCreate(Path folder) throws IOException {
    return openOrCreate(folder, WorkThreads.processors());
  }

  /**
   * Opens a store, or a folder that becomes one when a voice is added. Makes and writes nothing.
   *
   * @param threads most that a change or check works with
   * @throws StoreException if {@code folder} is a file, holds anything else, or is damaged
   * @throws IOException if it cannot be read
   */
  public static VoiceStore openOrCreate(Path folder, WorkThreads threads) throws IOException {
    StoreSnapshots snapshots = StoreSnapshots.open(folder);
    try {
      if (snapshots.none()) {
        snapshots.checkNothingElse();
      }
      return new VoiceStore(snapshots, threads);
    } catch (Throwable t) {
      IOUtils.closeWhileSuppressingExceptions(t, snapshots);
      throw t;
    }
  }

  /** The folder, as it was given. */
  public Path folder() {
    return snapshots.folder();
  }

  /** What of the store is committed. */
  StoreSnapshots snapshots() {
    return snapshots;
  }

  /** What changes the store. */
  StoreChanges changes() {
    return changes;
  }

  /** What is asked of its snapshots. */
  StoreQueries queries() {
    return queries;
  }

  /** The dimensions of the voices; empty while there are none. */
  public SortedSet<Integer> dims() throws IOException {
    return snapshots.commit().dims();
  }

  /** All voices, by speaker; empty while there are none. */
  @Override
  public List<VoiceRecord> speakers() throws IOException {
    return List.copyOf(snapshots.commit().voices().values());
  }

  /**
   * The names of a speaker's clips, sorted.
   *
   * @throws StoreException if there is no such speaker
   */
  @Override
  public List<String> clips(String speaker) throws IOException {
    return snapshots.ask(
        snapshot -> {
          if (!snapshot.commit().voices().containsKey(speaker)) {
            throw VoiceSelection.unknown(snapshot.commit(), speaker, folder());
          }
          return new StoreSurvey(snapshot).clips(speaker);
        });
  }

  /**
   * The frames of a clip.
   *
   * @return (T, dims) in the order of the clip, the caller's own
   * @throws StoreException if there is no such speaker, or no such clip of this speaker
   * @throws IOException if reading fails
   */
  public float[][] frames(ClipId clip) throws IOException {
    return snapshots.ask(snapshot -> StoredFrames.of(snapshot, clip, folder()));
  }

  /** What queries of each dimension do where they do not say, as far as that was set. */
  public SortedMap<Integer, ScanDefault> scanDefaults() throws IOException {
    return new TreeMap<>(snapshots.commit().scans());
  }

  /**
   * Adds a voice in one commit: all of it, or nothing if any of it cannot be added.
   *
   * @param existing what becomes of clips that the speaker has already
   * @throws StoreException if the store is locked, or the speaker's voice has other dims, is of
   *     another embedder, or already has one of the clips
   * @throws IOException if a file is not as it should be, or reading or writing fails
   */
  @Override
  public AddSummary add(Voice voice, ExistingClips existing, Progress progress) throws IOException {
    return additions.add(voice, existing, progress);
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
  @Override
  public ImportSummary importVoice(VoiceImport voice, ExistingClips existing, Progress progress)
      throws IOException {
    return additions.add(voice, existing, progress);
  }

  /**
   * Removes a speaker's voice.
   *
   * @throws StoreException if there is none, or the store is locked
   * @throws IOException if writing fails
   */
  @Override
  public void remove(String speaker, Progress progress) throws IOException {
    changes.makeOfVoices(
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
    changes.makeOfVoices(
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
    changes.makeOfVoices(
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
    changes.makeOfVoices(
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
    changes.makeOfVoices(
        Progress.NONE,
        writer -> {
          if (!writer.recorded().dims().contains(dims)) {
            throw new StoreException(folder() + ": no voice of " + dims + " dims in this store");
          }
          return writer.recorded().scans().put(dims, scan);
        });
  }

  /**
   * Leaves it to each segment again how thoroughly frames of a dimension are searched. Nothing
   * happens where no default is set.
   *
   * @throws StoreException if the store is empty or locked
   * @throws IOException if writing fails
   */
  public void clearScanDefault(int dims) throws IOException {
    snapshots.committed();
    if (scanDefaults().containsKey(dims)) {
      changes.make(Progress.NONE, writer -> writer.recorded().scans().remove(dims));
    }
  }

  /**
   * Sees what other processes have committed since the store was opened. Searchers that are open
   * stay with what they see.
   *
   * @throws IOException if it cannot be read
   */
  public void refresh() throws IOException {
    snapshots.refresh();
  }

  /**
   * Opens a searcher for frames of the caller's own.
   *
   * @throws StoreException if the store is empty, has no such speaker, or the voices asked for have
   *     several dimensions
   * @throws IOException if it cannot be read
   */
  public FrameSearcher searcher(SearchSettings settings) throws IOException {
    return queries.searcher(settings);
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
    return queries.session(mix, settings, maxFrames, OptionalInt.empty(), folder());
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
    return mix(new ClipConversion(query, out, blend), mix, settings, progress);
  }

  /**
   * Blends all frames of a clip with a mix of voices.
   *
   * @throws StoreException if the clip does not fit the voices, its pitch does not fit the clip, or
   *     there is no such speaker
   * @throws IOException if a file is not as it should be, or reading or writing fails
   */
  public ConvertSummary mix(
      ClipConversion conversion, Mix mix, SearchSettings settings, Progress progress)
      throws IOException {
    return new ClipQueries(queries).mix(conversion, mix, settings, progress);
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
  @Override
  public List<List<Neighbour>> retrieve(float[][] frames, SearchSettings settings)
      throws IOException {
    if (frames.length == 0) {
      return List.of();
    }
    OptionalInt dims = OptionalInt.of(frames[0].length);
    try (FrameSearcher searcher = queries.searcher(settings, dims, Path.of("frames"))) {
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
  @Override
  public void search(
      Path query, SearchSettings settings, NeighbourVisitor visitor, Progress progress)
      throws IOException {
    new ClipQueries(queries).search(query, settings, visitor, progress);
  }

  /**
   * Blends all frames of a clip with their neighbours.
   *
   * @throws StoreException if the clip does not fit the voices, its pitch does not fit the clip, or
   *     there is no such speaker
   * @throws IOException if a file is not as it should be, or reading or writing fails
   */
  @Override
  public ConvertSummary convert(
      ClipConversion conversion, SearchSettings settings, Progress progress) throws IOException {
    return new ClipQueries(queries).convert(conversion, settings, progress);
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
    return snapshots.ask(
        snapshot -> {
          SpeakerFrames frames = SpeakerFrames.of(snapshot, export.speakers(), folder(), progress);
          return new IndexExporter(export, frames).write(existing);
        });
  }

  /**
   * Counts what is in the store.
   *
   * @throws StoreException if it is empty
   * @throws IOException if it cannot be read
   */
  @Override
  public StoreInfo info() throws IOException {
    return snapshots.ask(snapshot -> new StoreSurvey(snapshot).info(snapshot.commit()));
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
    return changes.check(progress);
  }

  @Override
  public void close() throws IOException {
    snapshots.close();
  }
}
