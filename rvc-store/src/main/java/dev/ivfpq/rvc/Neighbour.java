// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

/**
 * A stored frame near a query.
 *
 * @param speaker who spoke it
 * @param clip the clip's name
 * @param frame its position in the clip, from 0
 * @param distance squared Euclidean distance to the query, computed from the stored vector
 */
public record Neighbour(String speaker, String clip, int frame, double distance) {
  /** Frames a second. */
  static final double RATE = 50;

  /** Where the frame begins in its clip, in seconds. */
  public double seconds() {
    return frame / RATE;
  }

  /** The squared Euclidean distance of two vectors, summed in double precision. */
  public static double distance(float[] a, float[] b) {
    return SquaredDistance.between(a, b);
  }
}
