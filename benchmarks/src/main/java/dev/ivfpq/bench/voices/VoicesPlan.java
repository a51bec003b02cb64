// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.voices;

import java.util.List;

/**
 * What is to be measured.
 *
 * @param k neighbours of a frame
 * @param block frames of a real-time block
 * @param clip frames of a whole clip
 * @param indexRate share of the voice in what is converted
 * @param target recall that the store is also tuned for
 * @param seconds that the blocks of a round, and its clip, may each take: who is slow is timed on
 *     fewer
 * @param rounds medians are taken over
 * @param pythons commands of which the first that has faiss is asked; none for no faiss
 */
public record VoicesPlan(
    int k,
    int block,
    int clip,
    double indexRate,
    double target,
    double seconds,
    int rounds,
    List<String> pythons) {
  /** RVC's default. */
  public static final double INDEX_RATE = .75;

  /** Checks all numbers. */
  public VoicesPlan {
    atLeastOne("k", k);
    atLeastOne("block", block);
    atLeastOne("clip", clip);
    atLeastOne("rounds", rounds);
    if (!(target > 0 && target <= 1)) {
      throw new IllegalArgumentException("target must be in (0, 1], got " + target);
    }
    if (!(seconds > 0)) {
      throw new IllegalArgumentException("seconds must be more than 0, got " + seconds);
    }
    pythons = List.copyOf(pythons);
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, got " + value);
    }
  }
}
