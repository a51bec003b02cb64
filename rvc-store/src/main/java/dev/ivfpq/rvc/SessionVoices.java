// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.util.IOUtils;

/** The voices of a session in one snapshot, and what was found in it for two blocks. */
final class SessionVoices implements Closeable {
  private final List<FrameSearcher> voices;
  private final List<float[]> searched;
  private final int[] places;
  private SearchedBlock last;
  private SearchedBlock filling;

  /** Over searchers of one snapshot, one a speaker; closes them. */
  SessionVoices(List<FrameSearcher> voices, int maxFrames) {
    this.voices = List.copyOf(voices);
    this.searched = new ArrayList<>(maxFrames);
    this.places = new int[maxFrames];
    this.last = new SearchedBlock(maxFrames, this.voices);
    this.filling = new SearchedBlock(maxFrames, this.voices);
  }

  int dims() {
    return voices.getFirst().dims();
  }

  int count() {
    return voices.size();
  }

  FrameSearcher voice(int voice) {
    return voices.get(voice);
  }

  List<String> speakers() {
    return voices.stream().map(voice -> voice.voices().getFirst().speaker()).toList();
  }

  /** What was found for the last block. */
  SearchedBlock last() {
    return last;
  }

  /** From the next block on; what was found so far is forgotten. */
  void mute(ClipId clip) {
    voices.forEach(voice -> voice.mute(clip));
    last.count(0);
  }

  /** From the next block on; what was found so far is forgotten. */
  void unmute(ClipId clip) {
    voices.forEach(voice -> voice.unmute(clip));
    last.count(0);
  }

  /**
   * Makes {@link #last} that of a block: takes over what is known, and searches the others
   * together. If it fails, the last block stays.
   *
   * @param share see {@link VoiceSession#reuseWithin}
   * @return how many frames were not searched
   */
  int find(float[][] frames, int count, double share) throws IOException {
    filling.count(0);
    searched.clear();
    for (int i = 0; i < count; i++) {
      int place = last.place(frames[i], share);
      if (place >= 0) {
        filling.take(i, frames[i], last, place);
      } else {
        places[searched.size()] = i;
        searched.add(frames[i]);
      }
    }
    for (int v = 0; v < voices.size() && !searched.isEmpty(); v++) {
      List<TopDocs> hits = voices.get(v).find(searched);
      for (int s = 0; s < hits.size(); s++) {
        filling.measure(places[s], searched.get(s), v, hits.get(s));
      }
    }
    filling.count(count);
    SearchedBlock older = last;
    last = filling;
    filling = older;
    return count - searched.size();
  }

  @Override
  public void close() throws IOException {
    IOUtils.close(voices);
  }
}
