// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speakers;

/**
 * What is to be measured.
 *
 * @param speakers in the store
 * @param frames of each
 * @param dims of a frame
 * @param queries frames of other speakers
 * @param k neighbours asked for
 * @param rounds medians are taken over; each adds, replaces and removes one speaker
 * @param seed of all frames
 */
public record SpeakersPlan(
    int speakers, int frames, int dims, int queries, int k, int rounds, long seed) {
  /** Checks all numbers. */
  public SpeakersPlan {
    atLeast(1, "rounds", rounds);
    // Each round changes two speakers, and one is left to be searched.
    atLeast(2 * rounds + 1, "speakers", speakers);
    atLeast(1, "k", k);
    atLeast(k, "frames", frames);
    atLeast(2, "dims", dims);
    atLeast(1, "queries", queries);
  }

  private static void atLeast(int least, String name, int value) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", got " + value);
    }
  }

  /** Number of the speaker that a round replaces. */
  int replaced(int round) {
    return spread(2 * round);
  }

  /** Number of the speaker that a round removes. */
  int removed(int round) {
    return spread(2 * round + 1);
  }

  /** Number of the speaker that a round adds. */
  int added(int round) {
    return speakers + round;
  }

  /** Number of the speaker whose frames a replaced one gets. */
  int replacement(int round) {
    return speakers + rounds + round;
  }

  /** Number of the speaker who asks. */
  int stranger() {
    return speakers + 2 * rounds;
  }

  /** Whether no round changes a speaker. */
  boolean stays(int speaker) {
    for (int change = 0; change < 2 * rounds; change++) {
      if (spread(change) == speaker) {
        return false;
      }
    }
    return speaker < speakers;
  }

  /** Changed speakers lie all over the store. */
  private int spread(int change) {
    return (int) ((long) change * speakers / (2 * rounds));
  }
}
