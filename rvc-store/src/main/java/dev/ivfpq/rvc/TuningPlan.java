// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a search is measured with.
 *
 * @param settings how many neighbours of whose frames; its scan is not looked at
 * @param dims which frames, where the store has several dimensions and no speaker is named
 * @param clips {@code .npy} files to search with; none to take frames of the store itself, each of
 *     which does not find frames of its own clip
 * @param frames how many frames to search with at most, 10 to 100,000
 * @param targetRecall what is to be reached: the share of the true neighbours that is found
 */
public record TuningPlan(
    SearchSettings settings, OptionalInt dims, List<Path> clips, int frames, double targetRecall) {
  private static final int MIN_FRAMES = 10;
  private static final int MAX_FRAMES = 100_000;

  /** RVC's eight neighbours for 500 frames of all voices, recall .95. */
  public static final TuningPlan DEFAULT =
      new TuningPlan(SearchSettings.DEFAULT, OptionalInt.empty(), List.of(), 500, .95);

  /** Checks the numbers. */
  public TuningPlan {
    clips = List.copyOf(clips);
    if (frames < MIN_FRAMES || frames > MAX_FRAMES) {
      throw new IllegalArgumentException(
          "frames must be in [" + MIN_FRAMES + ", " + MAX_FRAMES + "], got frames=" + frames);
    }
    if (!(targetRecall > 0 && targetRecall <= 1)) {
      throw new IllegalArgumentException(
          "target-recall must be in (0, 1], got target-recall=" + targetRecall);
    }
  }

  /** The same for frames of a dimension. */
  public TuningPlan withDims(int dims) {
    return new TuningPlan(settings, OptionalInt.of(dims), clips, frames, targetRecall);
  }

  /** The same with at most so many frames. */
  public TuningPlan withFrames(int frames) {
    return new TuningPlan(settings, dims, clips, frames, targetRecall);
  }
}
