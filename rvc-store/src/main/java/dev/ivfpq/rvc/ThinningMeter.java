// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.IvfPqSearchParameters;
import dev.ivfpq.IvfPqSearcher;
import java.io.IOException;
import java.util.List;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.FixedBitSet;

/**
 * Compares what frames find among all frames of a voice and among some, both by searches that leave
 * nothing out. Frames for which there is nothing to compare, as nothing is found before, count not.
 */
final class ThinningMeter {
  private final FrameSearcher searcher;
  private final IvfPqSearcher lookup;
  private final FixedBitSet kept;
  private final IvfPqSearchParameters exhaustive;
  private final NearestFrames before;
  private final NearestFrames after;
  private int frames;
  private double moved;
  private double nearestBefore;
  private double nearestAfter;
  private long neighbours;
  private long neighboursKept;

  ThinningMeter(FrameSearcher searcher, IvfPqSearcher lookup, FixedBitSet kept) {
    this.searcher = searcher;
    this.lookup = lookup;
    this.kept = kept;
    this.exhaustive = EffortMeter.exhaustive(searcher);
    this.before = new NearestFrames(searcher.k() + 1);
    this.after = new NearestFrames(searcher.k() + 1);
  }

  void compare(HeldOutFrames.Group group, Progress progress) throws IOException {
    Query some =
        new BooleanQuery.Builder()
            .add(group.filter(), Occur.FILTER)
            .add(new DocumentSet(kept), Occur.FILTER)
            .build();
    for (float[] frame : group.frames()) {
      find(frame, group, group.filter(), before);
      find(frame, group, some, after);
      if (before.count > 0) {
        compare(frame);
      }
      progress.advance(1);
    }
  }

  private void find(float[] frame, HeldOutFrames.Group group, Query filter, NearestFrames out)
      throws IOException {
    int k = searcher.k() + group.own();
    searcher.measure(frame, lookup.search(List.of(frame), k, filter, exhaustive).getFirst(), out);
    if (group.own() == 1 && out.count > 0 && out.distances[0] == 0) {
      out.dropFirst();
    }
    out.count = Math.min(out.count, searcher.k());
  }

  private void compare(float[] frame) throws IOException {
    frames++;
    double[] voiceBefore = voice(frame, before);
    double[] voiceAfter = voice(frame, after);
    double difference = 0;
    double length = 0;
    for (int j = 0; j < voiceBefore.length; j++) {
      difference += (voiceAfter[j] - voiceBefore[j]) * (voiceAfter[j] - voiceBefore[j]);
      length += voiceBefore[j] * voiceBefore[j];
    }
    moved += difference == 0 ? 0 : Math.sqrt(difference / Math.max(length, Double.MIN_NORMAL));
    nearestBefore += before.distances[0];
    nearestAfter += after.count > 0 ? after.distances[0] : before.distances[0];
    neighbours += before.count;
    for (int i = 0; i < before.count; i++) {
      neighboursKept += kept.get(before.docs[i]) ? 1 : 0;
    }
  }

  /** The weighted sum of what was found; a frame that finds nothing stays as it is. */
  private double[] voice(float[] frame, NearestFrames found) throws IOException {
    double[] sum = new double[frame.length];
    if (found.count == 0) {
      for (int j = 0; j < sum.length; j++) {
        sum[j] = frame[j];
      }
    } else {
      searcher.addVoice(found, 1, sum);
    }
    return sum;
  }

  Thinning.Change change(HoldOut holdOut) {
    return new Thinning.Change(
        frames,
        holdOut,
        frames == 0 ? 0 : moved / frames,
        nearestBefore == 0 ? 0 : nearestAfter / nearestBefore - 1,
        neighbours == 0 ? 1 : (double) neighboursKept / neighbours);
  }
}
