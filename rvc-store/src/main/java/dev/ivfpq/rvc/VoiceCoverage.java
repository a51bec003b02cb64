// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.util.List;

/**
 * How near the frames of a voice have others of it: to frames of the voice that were drawn, the
 * nearest one of another clip.
 *
 * @param speaker whose voice it is
 * @param holdOut what the frames could not find
 * @param distances of the nearest frame, squared, as shares of the mean squared distance of two
 *     frames of the voice; one for each drawn frame that found any
 * @param frames number of drawn frames
 */
public record VoiceCoverage(String speaker, HoldOut holdOut, List<Double> distances, int frames) {
  /** A frame with none nearer than this has no near neighbour. */
  public static final double NEAR = .5;

  /** Takes a copy. */
  public VoiceCoverage {
    distances = List.copyOf(distances);
  }

  /** Share of the drawn frames that have no near neighbour. */
  public double alone() {
    long near = distances.stream().filter(distance -> distance <= NEAR).count();
    return frames == 0 ? 0 : 1 - (double) near / frames;
  }
}
