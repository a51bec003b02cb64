// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.apache.lucene.util.IOUtils;

/**
 * Converts a stream, block by block, to a voice or a mix of voices, in the store as it was when
 * this was opened or {@link #refresh}ed. All room is made beforehand and all work is done on the
 * caller's thread; what a block allocates is what the search underneath does. For one thread at a
 * time, {@link #refresh} apart.
 *
 * <p>Blocks of a stream overlap: the frames at a block's end come again at the beginning of the
 * next. A frame that equals one of the block before, to the bit, is not searched again; nor is one
 * that is as near to it as {@link #reuseWithin} says.
 */
public final class VoiceSession implements Closeable {
  /** Longest block that is timed, in nanoseconds. */
  private static final long LONGEST = 60_000_000_000L;

  /** Opens a searcher a speaker over the newest commit. */
  @FunctionalInterface
  interface Source {
    List<FrameSearcher> newest() throws IOException;
  }

  private final Source source;
  private final int maxFrames;
  private final double[] shares;
  private final double[] sum;
  private final Histogram nanos = new Histogram(LONGEST, 3);
  private final Set<ClipId> muted = new HashSet<>();
  private final Set<ClipId> unmuted = new HashSet<>();
  private double reuseWithin;
  private long reused;
  private SessionVoices voices;

  /** What {@link #refresh} has opened and no block has come to yet; null if there is none. */
  private final AtomicReference<SessionVoices> next = new AtomicReference<>();

  /** Left behind by blocks, for which it would take too long to close them. */
  private final Queue<SessionVoices> left = new ConcurrentLinkedQueue<>();

  private final Object refreshing = new Object();

  /** The newest that was opened, for {@link #refresh}. */
  private SessionVoices newest;

  /**
   * @param first a searcher a speaker of the mix, in its order; this closes them
   * @param source of those that take their place
   * @param maxFrames most frames of a block
   */
  VoiceSession(List<FrameSearcher> first, Source source, Mix mix, int maxFrames) {
    this.source = source;
    this.maxFrames = maxFrames;
    this.voices = new SessionVoices(first, maxFrames);
    this.newest = voices;
    this.shares = new double[first.size()];
    this.sum = new double[dims()];
    List<String> speakers = speakers();
    for (int v = 0; v < shares.length; v++) {
      share(v, mix.shares().get(speakers.get(v)));
    }
  }

  /** Dimension of the frames. */
  public int dims() {
    return voices.dims();
  }

  /** The speakers, in the order of the mix. */
  public List<String> speakers() {
    return voices.speakers();
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

  /**
   * From the next block on, a frame near to one that was searched for the block before takes over
   * its neighbours, and their distances are measured anew. For streams whose frames at the edge
   * come again but not to the bit, as from an embedder that sees other surroundings then.
   *
   * @param share of the distance to the farthest neighbour of the frame before, 0 to 0.5: how far
   *     the new one may be from it. No frame of the store that is missed by this is nearer than (1
   *     - share) times that distance. 0, as at the start, takes over what is equal to the bit.
   */
  public void reuseWithin(double share) {
    if (!(share >= 0 && share <= 0.5)) {
      throw new IllegalArgumentException("reuse-within must be in [0, 0.5], got " + share);
    }
    reuseWithin = share;
  }

  /** From the next block on, the frames of a clip are not found. */
  public void mute(ClipId clip) {
    unmuted.remove(clip);
    muted.add(clip);
    voices.mute(clip);
  }

  /** From the next block on, the frames of a clip are found again. */
  public void unmute(ClipId clip) {
    muted.remove(clip);
    unmuted.add(clip);
    voices.unmute(clip);
  }

  /**
   * Looks for a newer commit of the store, which is searched from the next block on. Shares and
   * what this session has muted or unmuted stay. Any thread may call this while blocks are
   * converted; those neither wait for it nor open or close files.
   *
   * @return whether there was one
   * @throws StoreException if a speaker is gone from it or has other dims; the session goes on with
   *     what it has
   * @throws IOException if it cannot be read
   */
  public boolean refresh() throws IOException {
    synchronized (refreshing) {
      closeLeft();
      SessionVoices fresh = new SessionVoices(source.newest(), maxFrames);
      if (fresh.voice(0).sameSnapshot(newest.voice(0))) {
        fresh.close();
        return false;
      }
      newest = fresh;
      SessionVoices unused = next.getAndSet(fresh);
      if (unused != null) {
        unused.close();
      }
      return true;
    }
  }

  private void closeLeft() throws IOException {
    for (SessionVoices old = left.poll(); old != null; old = left.poll()) {
      old.close();
    }
  }

  private void takeNewest() {
    SessionVoices fresh = next.get() == null ? null : next.getAndSet(null);
    if (fresh != null) {
      left.add(voices);
      voices = fresh;
      muted.forEach(voices::mute);
      unmuted.forEach(voices::unmute);
    }
  }

  /**
   * Converts the frames of a block.
   *
   * @param frames (count, dims) at least, not modified
   * @param count how many of them, at most what the session was opened for
   * @param out (count, dims) at least, takes the results, may be {@code frames}; a frame for which
   *     none of the speakers has a neighbour stays as it is
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
    takeNewest();
    reused += voices.find(frames, count, reuseWithin);
    int unanswered = 0;
    for (int i = 0; i < count; i++) {
      if (addVoices(i)) {
        blend.apply(frames[i], sum, out[i]);
      } else {
        System.arraycopy(frames[i], 0, out[i], 0, frames[i].length);
        unanswered++;
      }
    }
    nanos.recordValue(Math.min(System.nanoTime() - start, LONGEST));
    return unanswered;
  }

  /** Sums up a frame's voices by their shares; false if none has a neighbour. */
  private boolean addVoices(int frame) throws IOException {
    SearchedBlock block = voices.last();
    double answered = 0;
    for (int v = 0; v < shares.length; v++) {
      answered += block.found(frame, v).count > 0 ? shares[v] : 0;
    }
    if (answered == 0) {
      return false;
    }
    Arrays.fill(sum, 0);
    for (int v = 0; v < shares.length; v++) {
      if (block.found(frame, v).count > 0 && shares[v] > 0) {
        voices.voice(v).addVoice(block.found(frame, v), shares[v] / answered, sum);
      }
    }
    return true;
  }

  /**
   * The neighbours of a frame of the last block.
   *
   * @param frame its place in the block
   * @param speaker a place in {@link #speakers()}
   */
  public List<Neighbour> neighbours(int frame, int speaker) throws IOException {
    SearchedBlock block = voices.last();
    if (frame >= block.count()) {
      throw new IllegalArgumentException(
          "frame " + frame + " of a block of " + block.count() + " frames");
    }
    return voices.voice(speaker).neighbours(block.found(frame, speaker));
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

  /** Counts and times of all blocks so far, or since they were cleared. */
  public Statistics statistics() {
    return new Statistics(
        nanos.getTotalCount(),
        reused,
        nanos.getValueAtPercentile(50) / 1e3,
        nanos.getValueAtPercentile(99) / 1e3);
  }

  /** Counts and times anew, as after the first blocks, during which the JVM still compiles. */
  public void clearStatistics() {
    nanos.reset();
    reused = 0;
  }

  @Override
  public void close() throws IOException {
    synchronized (refreshing) {
      closeLeft();
      IOUtils.close(voices, next.getAndSet(null));
    }
  }
}
