// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.rvc.faiss.RowSource;
import dev.ivfpq.rvc.faiss.RowVisitor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The frames of some speakers in one snapshot of a store as one voice, in the order of the index
 * and without muted clips.
 *
 * @param dims of all voices
 * @param count number of frames, at least 1
 * @param muted number of clips that are left out
 * @param progress hears of each pass over them
 */
record SpeakerFrames(StoredFrames frames, int dims, int count, int muted, Progress progress)
    implements RowSource {
  private static final int STEP = 512;

  /**
   * Finds the frames.
   *
   * @param folder the store's, for messages
   * @throws StoreException if a speaker is not there, two cannot be one voice, or all is muted
   * @throws IOException if reading fails
   */
  static SpeakerFrames of(
      StoreSearcher snapshot, List<String> speakers, Path folder, Progress progress)
      throws IOException {
    List<VoiceRecord> voices = voices(snapshot.commit(), speakers, folder);
    Set<ClipId> muted = new TreeSet<>(snapshot.commit().muted());
    muted.removeIf(clip -> !speakers.contains(clip.speaker()));
    VoiceSelection selection = new VoiceSelection(voices, false);
    StoredFrames frames =
        new StoredFrames(snapshot.getIndexReader(), selection.filter(muted), selection.dims());
    int count = frames.count();
    if (count == 0) {
      throw new StoreException(
          folder
              + ": all clips of "
              + String.join(", ", speakers)
              + " are muted; unmute those that are to be exported");
    }
    return new SpeakerFrames(frames, selection.dims(), count, muted.size(), progress);
  }

  private static List<VoiceRecord> voices(StoreCommit commit, List<String> speakers, Path folder)
      throws StoreException {
    List<VoiceRecord> voices = new ArrayList<>();
    for (String speaker : speakers) {
      VoiceRecord voice = commit.voices().get(speaker);
      if (voice == null) {
        throw VoiceSelection.unknown(commit, speaker, folder);
      }
      for (VoiceRecord other : voices) {
        if (other.dims() != voice.dims() || !other.fits(voice.embedder())) {
          throw new StoreException(
              folder
                  + ": "
                  + other.description()
                  + " and "
                  + voice.description()
                  + " cannot become one voice; export each by itself");
        }
      }
      voices.add(voice);
    }
    return voices;
  }

  @Override
  public void forEach(RowVisitor visitor) throws IOException {
    int[] row = {0};
    frames.forEach(
        (clip, number, vector) -> {
          visitor.row(row[0]++, vector);
          if (row[0] % STEP == 0) {
            progress.advance(STEP);
          }
        });
  }
}
