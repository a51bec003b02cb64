// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.IvfPqSearchParameters;
import dev.ivfpq.IvfPqSearcher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.search.TopDocs;

/** Measures how near the frames of one voice have others of it. */
final class CoverageMeter {
  private static final float RECALL = .99f;

  private final VoiceStore store;
  private final int frames;

  /**
   * @param frames drawn of a voice, at most
   */
  CoverageMeter(VoiceStore store, int frames) {
    this.store = store;
    this.frames = frames;
  }

  /** Of a voice; empty if all its clips are muted. */
  Optional<VoiceCoverage> measure(String speaker) throws IOException {
    SearchSettings settings = SearchSettings.DEFAULT.withSpeaker(speaker).withK(1);
    try (FrameSearcher searcher = store.searcher(settings)) {
      if (searcher.snapshot().count(searcher.selection().filter(searcher.muted())) == 0) {
        return Optional.empty();
      }
      HeldOutFrames drawn = HeldOutFrames.ofStore(searcher, frames);
      double scale = meanDistance(drawn.all());
      IvfPqSearcher lookup =
          new IvfPqSearcher(searcher.snapshot(), StoreLayout.vectorField(searcher.dims()));
      NearestFrames nearest = new NearestFrames(2);
      List<Double> distances = new ArrayList<>();
      for (HeldOutFrames.Group group : drawn.groups()) {
        List<TopDocs> found =
            lookup.search(
                group.frames(),
                1 + group.own(),
                group.filter(),
                IvfPqSearchParameters.DEFAULT.withTargetRecall(RECALL));
        for (int i = 0; i < found.size(); i++) {
          searcher.measure(group.frames().get(i), found.get(i), nearest);
          if (nearest.count > group.own()) {
            double distance = nearest.distances[group.own()];
            // Where all frames are equal none is far.
            distances.add(scale == 0 ? 0 : distance / scale);
          }
        }
      }
      return Optional.of(new VoiceCoverage(speaker, drawn.holdOut(), distances, drawn.count()));
    }
  }

  /** Mean squared distance of two of the frames: twice their variance. */
  static double meanDistance(List<float[]> frames) {
    if (frames.size() < 2) {
      return 0;
    }
    double[] sum = new double[frames.getFirst().length];
    double squares = 0;
    for (float[] frame : frames) {
      for (int j = 0; j < sum.length; j++) {
        sum[j] += frame[j];
        squares += (double) frame[j] * frame[j];
      }
    }
    int n = frames.size();
    double ofMean = 0;
    for (double value : sum) {
      ofMean += value * value / n;
    }
    return Math.max(0, 2 * (squares - ofMean) / (n - 1));
  }
}
