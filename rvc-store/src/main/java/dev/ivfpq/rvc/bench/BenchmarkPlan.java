// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.bench;

import dev.ivfpq.rvc.Blend;
import dev.ivfpq.rvc.SearchSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is to be measured.
 *
 * @param speaker whose voice clips are converted to; empty for the only one of the store
 * @param clips {@code .npy} files and folders of them; none for clips of the voice itself, each of
 *     which is held out while its own frames ask
 * @param block frames of a block
 * @param k neighbours a frame
 * @param indexRate share of the voice in what is converted
 * @param rounds medians are taken over
 */
public record BenchmarkPlan(
    Optional<String> speaker, List<Path> clips, int block, int k, double indexRate, int rounds) {
  private static final int MAX_BLOCK = 4096;
  private static final int MAX_ROUNDS = 1000;

  /** RVC's eight neighbours and default rate, and the frames of its blocks of 250 ms. */
  public static final BenchmarkPlan DEFAULT =
      new BenchmarkPlan(Optional.empty(), List.of(), 16, 8, .75, 5);

  /** Checks all numbers. */
  public BenchmarkPlan {
    clips = List.copyOf(clips);
    inRange("block", block, MAX_BLOCK);
    inRange("rounds", rounds, MAX_ROUNDS);
    settings(k);
    new Blend(indexRate);
  }

  private static SearchSettings settings(int k) {
    return SearchSettings.DEFAULT.withK(k);
  }

  /** Among the frames of a speaker. */
  SearchSettings settings(String speaker) {
    return settings(k).withSpeaker(speaker);
  }

  private static void inRange(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          name + " must be in [1, " + most + "], got " + name + "=" + value);
    }
  }
}
