// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.search.TopDocs;

/** What was found for the frames of one block of a stream; room that is used again and again. */
final class SearchedBlock {
  /** Dimensions between two looks at whether a distance is too far already. */
  private static final int STRIDE = 16;

  private final List<FrameSearcher> voices;

  /** What each place was searched with: its frame, or the earlier one whose neighbours it took. */
  private final float[][] searched;

  /** Squared distance of the farthest neighbour of what was searched with, of any voice. */
  private final double[] reach;

  private final NearestFrames[][] found;
  private int count;

  SearchedBlock(int maxFrames, List<FrameSearcher> voices) {
    this.voices = voices;
    this.searched = new float[maxFrames][voices.getFirst().dims()];
    this.reach = new double[maxFrames];
    this.found = new NearestFrames[maxFrames][voices.size()];
    for (NearestFrames[] perVoice : found) {
      Arrays.setAll(perVoice, v -> new NearestFrames(voices.get(v).k()));
    }
  }

  /** Number of frames; 0 while it is filled. */
  int count() {
    return count;
  }

  void count(int count) {
    this.count = count;
  }

  /** The neighbours of a frame, of one voice. */
  NearestFrames found(int frame, int voice) {
    return found[frame][voice];
  }

  /**
   * Where a frame is, or one as near to it as wanted.
   *
   * @param share of the distance to the farthest neighbour; 0 for the same bits
   * @return -1 if there is none
   */
  int place(float[] frame, double share) {
    for (int i = 0; i < count; i++) {
      if (share == 0
          ? Arrays.equals(frame, searched[i])
          : isWithin(frame, searched[i], share * share * reach[i])) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isWithin(float[] a, float[] b, double limit) {
    double sum = a.length == b.length ? 0 : Double.POSITIVE_INFINITY;
    for (int from = 0; from < a.length && sum <= limit; from += STRIDE) {
      for (int j = from; j < Math.min(a.length, from + STRIDE); j++) {
        double difference = (double) a[j] - b[j];
        sum += difference * difference;
      }
    }
    return sum <= limit;
  }

  /** Takes over the neighbours of a place in another block, with their distances to a frame. */
  void take(int frame, float[] values, SearchedBlock other, int place) throws IOException {
    for (int v = 0; v < found[frame].length; v++) {
      found[frame][v].set(other.found[place][v]);
      voices.get(v).remeasure(values, found[frame][v]);
    }
    float[] origin = other.searched[place];
    System.arraycopy(origin, 0, searched[frame], 0, origin.length);
    reach[frame] = other.reach[place];
  }

  /** Measures what a search of one voice has found for a frame. */
  void measure(int frame, float[] values, int voice, TopDocs hits) throws IOException {
    NearestFrames nearest = found[frame][voice];
    voices.get(voice).measure(values, hits, nearest);
    if (voice == 0) {
      System.arraycopy(values, 0, searched[frame], 0, values.length);
      reach[frame] = Double.POSITIVE_INFINITY;
    }
    if (nearest.count > 0) {
      reach[frame] = Math.min(reach[frame], nearest.distances[nearest.count - 1]);
    }
  }
}
