// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How far a voice is to be reduced, and what to measure the loss with.
 *
 * @param speaker whose voice it is
 * @param frames that are to stay, if that is given; at least 1
 * @param share of the frames that is to stay, if that is given; above 0, below 1
 * @param clips {@code .npy} files to search with; none to take frames of the voice itself, each of
 *     which does not find frames of its own clip
 */
public record ThinningPlan(
    String speaker, OptionalInt frames, OptionalDouble share, List<Path> clips) {

  /** Checks that one of the two is given. */
  public ThinningPlan {
    clips = List.copyOf(clips);
    if (frames.isPresent() == share.isPresent()) {
      throw new IllegalArgumentException("give either frames or share, what is to stay");
    }
    if (frames.isPresent() && frames.getAsInt() < 1) {
      throw new IllegalArgumentException("frames must be at least 1, got " + frames.getAsInt());
    }
    if (share.isPresent() && !(share.getAsDouble() > 0 && share.getAsDouble() < 1)) {
      throw new IllegalArgumentException(
          "share must be above 0 and below 1, got " + share.getAsDouble());
    }
  }

  /** Keeps so many frames. */
  public static ThinningPlan toFrames(String speaker, int frames) {
    return new ThinningPlan(speaker, OptionalInt.of(frames), OptionalDouble.empty(), List.of());
  }

  /** Keeps this share of the frames. */
  public static ThinningPlan toShare(String speaker, double share) {
    return new ThinningPlan(speaker, OptionalInt.empty(), OptionalDouble.of(share), List.of());
  }

  /** The same, measured with these clips. */
  public ThinningPlan withClips(List<Path> clips) {
    return new ThinningPlan(speaker, frames, share, clips);
  }

  /** How many of {@code total} frames stay. */
  int kept(int total) {
    return frames.isPresent()
        ? frames.getAsInt()
        : Math.max(1, (int) Math.round(share.getAsDouble() * total));
  }
}
