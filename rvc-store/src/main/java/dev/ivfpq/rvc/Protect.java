// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

/**
 * RVC's protection of unvoiced frames: breath and consonants keep most of the original.
 *
 * <pre>
 * f0 &gt;= 1 (voiced)    the converted frame
 * else                share * converted + (1 - share) * original
 * </pre>
 *
 * @param share of the converted frame where there is no pitch, 0 to .5; .5 is off, as in RVC: then
 *     unvoiced frames are converted wholly
 */
public record Protect(double share) {
  /** RVC's default. */
  public static final Protect DEFAULT = new Protect(0.33);

  /** At this share RVC leaves protection out. */
  private static final double OFF = 0.5;

  /** Checks the share. */
  public Protect {
    if (!(share >= 0 && share <= OFF)) {
      throw new IllegalArgumentException("protect must be in [0, 0.5], got protect=" + share);
    }
  }

  /**
   * Protects one frame.
   *
   * @param original (dims) as it was before the conversion, not modified
   * @param f0 its pitch in Hz; below 1, or not a number, where it is unvoiced
   * @param converted (dims), overwritten with the result
   */
  public void apply(float[] original, float f0, float[] converted) {
    if (f0 >= 1 || share == OFF) {
      return;
    }
    for (int j = 0; j < converted.length; j++) {
      converted[j] = (float) (share * converted[j] + (1 - share) * original[j]);
    }
  }

  /**
   * Doubles frames to the 100 a second that RVC's generator takes, each protected by its own pitch.
   *
   * @param original (T, dims), 50 a second, not modified
   * @param converted (T, dims), not modified
   * @param f0 pitch of each result, 100 a second; at most 2T
   * @return (f0.length, dims)
   * @throws IllegalArgumentException if there are more pitches than results
   */
  public float[][] upsample(float[][] original, float[][] converted, float[] f0) {
    if (f0.length > 2 * converted.length) {
      throw new IllegalArgumentException(
          f0.length
              + " pitches for "
              + converted.length
              + " frames; there are at most two a frame");
    }
    float[][] out = new float[f0.length][];
    for (int i = 0; i < out.length; i++) {
      out[i] = converted[i / 2].clone();
      apply(original[i / 2], f0[i], out[i]);
    }
    return out;
  }
}
