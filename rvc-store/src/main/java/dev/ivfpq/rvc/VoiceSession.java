// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.apache.lucene.search.TopDocs;

/**
 * Converts a stream, block by block, to a voice or a mix of voices, in the store as it was when
 * this was opened. All room is made at the start and all work is done on the caller's thread; what
 * a block allocates is what the search underneath does. For one thread at a time.
 *
 * <p>Blocks of a stream overlap: the frames at a block's end come again at the beginning of the
 * next. A frame that equals one of the block before, to the bit, is not searched again.
 */
public final class VoiceSession implements Closeable {
  /** Longest block that is timed, in nanoseconds. */
  private static final long LONGEST = 60_000_000_000L;

  private final List<FrameSearcher> voices;
  private final double[] shares;
  private final int maxFrames;
  private final Histogram nanos = new Histogram(LONGEST, 3);
  private final double[] sum;
  private final List<float[]> searched;
  private final int[] places;
  private Block before;
  private Block now;
  private long reused;

  /** What was found for the frames of one block. */
  private static final class Block {
    final float[][] frames;
    final NearestFrames[][] found;
    int count;

    Block(int frames, List<FrameSearcher> voices) {
      this.frames = new float[frames][voices.getFirst().dims()];
      this.found = new NearestFrames[frames][voices.size()];
      for (NearestFrames[] perVoice : found) {
        for (int v = 0; v < perVoice.length; v++) {
          perVoice[v] = new NearestFrames(voices.get(v).k());
        }
      }
    }
  }

  /**
   * @param voices one a speaker of the mix, over one snapshot; this closes them
   * @param maxFrames most frames of a block
   */
  VoiceSession(List<FrameSearcher> voices, Mix mix, int maxFrames) {
    this.voices = List.copyOf(voices);
    this.shares = new double[voices.size()];
    this.maxFrames = maxFrames;
    this.sum = new double[dims()];
    this.searched = new ArrayList<>(maxFrames);
    this.places = new int[maxFrames];
    this.before = new Block(maxFrames, this.voices);
    this.now = new Block(maxFrames, this.voices);
    for (int v = 0; v < shares.length; v++) {
      share(v, mix.shares().get(this.voices.get(v).voices().getFirst().speaker()));
    }
  }

  /** Dimension of the frames. */
  public int dims() {
    return voices.getFirst().dims();
  }

  /** The speakers, in the order of the mix. */
  public List<String> speakers() {
    return voices.stream().map(voice -> voice.voices().getFirst().speaker()).toList();
  }

  /**
   * From the next block on, a speaker has this share; shares count by their sum.
   *
   * @param speaker its place in {@link #speakers()}
   * @param value at least 0
   */
  public void share(int speaker, double value) {
    if (!(value >= 0 && value <= 1e6)) {
      throw new IllegalArgumentException(
          "a speaker's share must be in [0, 1e6], got share=" + value);
    }
    shares[speaker] = value;
  }

  /** From the next block on, the frames of a clip are not found. */
  public void mute(ClipId clip) {
    voices.forEach(voice -> voice.mute(clip));
    before.count = 0;
  }

  /** From the next block on, the frames of a clip are found again. */
  public void unmute(ClipId clip) {
    voices.forEach(voice -> voice.unmute(clip));
    before.count = 0;
  }

  /**
   * Converts the frames of a block.
   *
   * @param frames (count, dims) at least, not modified
   * @param count how many of them, at most what the session was opened for
   * @param out (count, dims) at least, takes the results; a frame for which none of the speakers
   *     has a neighbour stays as it is
   * @return for how many frames no neighbour was found
   * @throws IllegalArgumentException if there are more frames, of other dims, or a value is not
   *     finite
   * @throws IOException if reading the store fails
   */
  public int convert(float[][] frames, int count, Blend blend, float[][] out) throws IOException {
    if (count < 0 || count > maxFrames) {
      throw new IllegalArgumentException(
          "a block of " + count + " frames, the session was opened for " + maxFrames);
    }
    long start = System.nanoTime();
    find(frames, count);
    int unanswered = 0;
    for (int i = 0; i < count; i++) {
      double answered = 0;
      for (int v = 0; v < shares.length; v++) {
        answered += now.found[i][v].count > 0 ? shares[v] : 0;
      }
      if (answered == 0) {
        System.arraycopy(frames[i], 0, out[i], 0, frames[i].length);
        unanswered++;
        continue;
      }
      Arrays.fill(sum, 0);
      for (int v = 0; v < shares.length; v++) {
        if (now.found[i][v].count > 0 && shares[v] > 0) {
          voices.get(v).addVoice(now.found[i][v], shares[v] / answered, sum);
        }
      }
      blend.apply(frames[i], sum, out[i]);
    }
    Block older = before;
    before = now;
    now = older;
    nanos.recordValue(Math.min(System.nanoTime() - start, LONGEST));
    return unanswered;
  }

  /** Takes over what is known from the block before, and searches the others together. */
  private void find(float[][] frames, int count) throws IOException {
    // A search that fails must not leave half a block to be taken over by the next.
    now.count = 0;
    searched.clear();
    for (int i = 0; i < count; i++) {
      int same = placeBefore(frames[i]);
      if (same >= 0) {
        for (int v = 0; v < shares.length; v++) {
          now.found[i][v].set(before.found[same][v]);
        }
        reused++;
      } else {
        places[searched.size()] = i;
        searched.add(frames[i]);
      }
    }
    for (int v = 0; v < shares.length && !searched.isEmpty(); v++) {
      List<TopDocs> found = voices.get(v).find(searched);
      for (int s = 0; s < found.size(); s++) {
        int i = places[s];
        voices.get(v).measure(frames[i], found.get(s), now.found[i][v]);
      }
    }
    for (int i = 0; i < count; i++) {
      System.arraycopy(frames[i], 0, now.frames[i], 0, frames[i].length);
    }
    now.count = count;
  }

  private int placeBefore(float[] frame) {
    for (int i = 0; i < before.count; i++) {
      if (Arrays.equals(frame, before.frames[i])) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The neighbours of a frame of the last block.
   *
   * @param frame its place in the block
   * @param speaker a place in {@link #speakers()}
   */
  public List<Neighbour> neighbours(int frame, int speaker) throws IOException {
    if (frame >= before.count) {
      throw new IllegalArgumentException(
          "frame " + frame + " of a block of " + before.count + " frames");
    }
    return voices.get(speaker).neighbours(before.found[frame][speaker]);
  }

  /**
   * What the session has done.
   *
   * @param blocks converted
   * @param reusedFrames frames that were not searched again
   * @param medianMicros half of the blocks took no longer, in microseconds
   * @param p99Micros 99 of 100 blocks took no longer, in microseconds
   */
  public record Statistics(long blocks, long reusedFrames, double medianMicros, double p99Micros) {}

  /** Counts and times of all blocks so far. */
  public Statistics statistics() {
    return new Statistics(
        nanos.getTotalCount(),
        reused,
        nanos.getValueAtPercentile(50) / 1e3,
        nanos.getValueAtPercentile(99) / 1e3);
  }

  @Override
  public void close() throws IOException {
    for (FrameSearcher voice : voices) {
      voice.close();
    }
  }
}
