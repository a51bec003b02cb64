// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.IvfPqSearchParameters;
import dev.ivfpq.IvfPqSearcher;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TopDocs;

/**
 * Measures what part of the true neighbours searches find, and how long they take. The truth comes
 * from searches of all lists that score every frame exactly. A hit is right if it is at most as far
 * as the true k-th, whichever of equally far frames it is: voices hold exact duplicates.
 */
final class EffortMeter {
  /** For the rounding of scores. */
  private static final double TOLERANCE = 1 + 1e-6;

  private static final float MAX_K_FACTOR = 1e6f;

  private final FrameSearcher searcher;
  private final HeldOutFrames heldOut;
  private final IvfPqSearcher lookup;
  private final NearestFrames nearest;
  private final int k;
  private final double[] kth;
  private long wanted;

  EffortMeter(FrameSearcher searcher, HeldOutFrames heldOut) {
    this.searcher = searcher;
    this.heldOut = heldOut;
    this.lookup = new IvfPqSearcher(searcher.snapshot(), StoreLayout.vectorField(searcher.dims()));
    this.k = searcher.k();
    this.nearest = new NearestFrames(k + 1);
    this.kth = new double[heldOut.count()];
  }

  /** A search that leaves nothing out. */
  static IvfPqSearchParameters exhaustive(FrameSearcher searcher) {
    int n = Math.max(1, searcher.snapshot().getIndexReader().maxDoc());
    return IvfPqSearchParameters.DEFAULT
        .withNprobe(n)
        .withKFactor(Math.min(MAX_K_FACTOR, (float) n / searcher.k() + 1));
  }

  /** Finds the truth; first of all. */
  void findTruth(Progress progress) throws IOException {
    progress.begin("searching exactly", kth.length);
    IvfPqSearchParameters all = exhaustive(searcher);
    int place = 0;
    for (HeldOutFrames.Group group : heldOut.groups()) {
      for (float[] frame : group.frames()) {
        find(frame, group, all);
        int others = Math.max(0, nearest.count - group.own());
        wanted += others;
        kth[place++] = others == 0 ? -1 : nearest.distances[nearest.count - 1] * TOLERANCE;
        progress.advance(1);
      }
    }
  }

  private void find(float[] frame, HeldOutFrames.Group group, IvfPqSearchParameters scan)
      throws IOException {
    List<float[]> one = List.of(frame);
    TopDocs found = lookup.search(one, k + group.own(), group.filter(), scan).getFirst();
    searcher.measure(frame, found, nearest);
  }

  /** Share of the true neighbours that is found; 1 if there are none. */
  double recall(IvfPqSearchParameters scan) throws IOException {
    long right = 0;
    int place = 0;
    for (HeldOutFrames.Group group : heldOut.groups()) {
      List<TopDocs> found = lookup.search(group.frames(), k + group.own(), group.filter(), scan);
      for (int i = 0; i < found.size(); i++) {
        searcher.measure(group.frames().get(i), found.get(i), nearest);
        int near = 0;
        while (near < nearest.count && nearest.distances[near] <= kth[place]) {
          near++;
        }
        right += Math.max(0, near - group.own());
        place++;
      }
    }
    return wanted == 0 ? 1 : (double) right / wanted;
  }

  /** Nanoseconds of one round over all frames, as they are searched from outside. */
  long round(List<float[]> frames, Query filter, IvfPqSearchParameters scan) throws IOException {
    long start = System.nanoTime();
    for (int from = 0; from < frames.size(); from += FrameSearcher.TOGETHER) {
      List<float[]> block =
          frames.subList(from, Math.min(frames.size(), from + FrameSearcher.TOGETHER));
      List<TopDocs> found = lookup.search(block, k, filter, scan);
      for (int i = 0; i < found.size(); i++) {
        searcher.measure(block.get(i), found.get(i), nearest);
      }
    }
    return System.nanoTime() - start;
  }

  /** Microseconds a frame, the median of some rounds. */
  static double micros(long[] rounds, int frames) {
    long[] sorted = rounds.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2] / 1e3 / frames;
  }
}
