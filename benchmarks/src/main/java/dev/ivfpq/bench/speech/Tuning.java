// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speech;

/**
 * The numbers behind the frames, found by trying until the statistics of 117,000 frames of 40
 * speakers were those of real voices (README, "Speech-like vectors"). Shares are of variance.
 */
final class Tuning {
  /** Variance of a frame, summed over the dims: norms of 8.9 +- 1.2 together with the mean. */
  static final double VARIANCE = 75;

  /** Length of the mean of all frames. */
  static final double MEAN_NORM = 2.3;

  /**
   * Variance of axis i is (u + HEAD)^-DECAY exp(-u^2), u = (i + 1/2) / FULL_DIMS, then scaled to
   * VARIANCE. Fitted to 50, 80, 90, 95 and 99 % of it in 22, 97, 203, 327 and 574 of 768 dims. Sets
   * of fewer dims are the widest axes, wider ones go on down the tail.
   */
  static final double HEAD = 0.012;

  static final double DECAY = 1.45;
  static final double FULL_DIMS = 768;

  /** Share that is new in each frame. Its axes vary as the square root of the others' variance. */
  static final double NOISE_SHARE = 0.25;

  /** At most so much of an axis is noise. */
  static final double MOST_NOISE = 0.9;

  /** Correlation of a frame's noise with that of the frame before. */
  static final double NOISE_MEMORY = 0.2;

  /** Axis at which phones have half of what is not noise; tokens have the rest. In u, as above. */
  static final double PHONE_AXIS = 0.4;

  /** Phones in context; the fewer, the more frames are equally near and the harder is the set. */
  static final int PHONES = 5000;

  /** Phones that can follow one. */
  static final int SUCCESSORS = 8;

  /** Standard deviation of the logarithm of a phone's distance from the mean. */
  static final double PHONE_SPREAD = 0.14;

  /** Standard deviation of the logarithm of how far a token is off its phone. */
  static final double TOKEN_SPREAD = 0.75;

  /** How far a speaker's way with a phone is off the phone, in phone variances. */
  static final double ACCENT = 0.15;

  /** Standard deviation of a speaker's stretching of an axis, around 1. */
  static final double STRETCH = 0.25;

  /** How far a speaker's mean is off that of all, in frame variances. */
  static final double SPEAKER_OFFSET = 0.02;

  /** Words that a speaker comes back to, and how many of the words said are of these. */
  static final int WORDS = 100;

  static final double KNOWN_WORDS = 0.6;

  /** Phones of a word. */
  static final int WORD_PHONES = 6;

  /** Share of a known word's tokens that is the same each time. */
  static final double WORD_MEMORY = 0.9;

  /** Mean frames from one phone to the next, less one; exponential, cut at MOST_FRAMES. */
  static final double PHONE_FRAMES = 3.5;

  static final int MOST_FRAMES = 15;

  private Tuning() {}
}
