// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Voices to be added to, searched and converted to, wherever they are kept: in a folder ({@link
 * VoiceStore}) or on a cluster ({@link dev.ivfpq.rvc.cluster.ClusterStore}). What a user can cure
 * is told by a {@link StoreException}, whose message says what, where and what to do.
 */
public interface Voices extends Closeable {
  /** All voices, by speaker; empty while there are none. */
  List<VoiceRecord> speakers() throws IOException;

  /**
   * The names of a speaker's clips, sorted.
   *
   * @throws StoreException if there is no such speaker
   */
  List<String> clips(String speaker) throws IOException;

  /**
   * Counts what is there.
   *
   * @throws StoreException if nothing is
   */
  StoreInfo info() throws IOException;

  /**
   * Adds a voice: all of it, or nothing if any of it cannot be added.
   *
   * @param existing what becomes of clips that the speaker has already
   * @throws StoreException if the speaker's voice has other dims, is of another embedder, or
   *     already has one of the clips
   */
  AddSummary add(Voice voice, ExistingClips existing, Progress progress) throws IOException;

  /**
   * Adds what a user has of a voice, as {@link #add} does.
   *
   * @throws StoreException if there is no voice, or as for {@link #add}
   */
  ImportSummary importVoice(VoiceImport voice, ExistingClips existing, Progress progress)
      throws IOException;

  /**
   * Removes a speaker's voice.
   *
   * @throws StoreException if there is none
   */
  void remove(String speaker, Progress progress) throws IOException;

  /**
   * Finds the neighbours of frames.
   *
   * @param frames (T, dims), not modified
   * @return for each frame its neighbours, nearest first; none where none was found
   * @throws IllegalArgumentException if a frame has other dims than the first or a value is not
   *     finite
   * @throws StoreException if the frames do not fit the voices or there is no such speaker
   */
  List<List<Neighbour>> retrieve(float[][] frames, SearchSettings settings) throws IOException;

  /**
   * Searches with all frames of a clip.
   *
   * @param query a {@code .npy} file
   * @throws StoreException if the clip does not fit the voices or there is no such speaker
   */
  void search(Path query, SearchSettings settings, NeighbourVisitor visitor, Progress progress)
      throws IOException;

  /**
   * Blends all frames of a clip with their neighbours.
   *
   * @throws StoreException if the clip does not fit the voices, its pitch does not fit the clip, or
   *     there is no such speaker
   */
  ConvertSummary convert(ClipConversion conversion, SearchSettings settings, Progress progress)
      throws IOException;

  /**
   * Blends all frames of a clip with their neighbours and protects none.
   *
   * @param query a {@code .npy} file
   * @param out takes the result when all of it is there: {@code <f4}, of the same shape
   * @throws StoreException if the clip does not fit the voices or there is no such speaker
   */
  default ConvertSummary convert(
      Path query, Path out, SearchSettings settings, Blend blend, Progress progress)
      throws IOException {
    return convert(new ClipConversion(query, out, blend), settings, progress);
  }
}
