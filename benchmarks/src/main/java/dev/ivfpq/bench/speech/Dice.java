// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speech;

import java.util.SplittableRandom;

/** Random numbers by name: the same seed and name give the same ones, whatever was drawn before. */
final class Dice {
  /** SplittableRandom's own step, odd: distinct names give distinct seeds. */
  private static final long STEP = 0x9e3779b97f4a7c15L;

  private final SplittableRandom random;

  private Dice(long seed) {
    random = new SplittableRandom(seed);
  }

  /** The numbers of {@code seed} named by a path, such as subject, speaker, phone. */
  static Dice of(long seed, long... path) {
    long state = seed;
    for (long step : path) {
      state = new SplittableRandom(state + step * STEP).nextLong();
    }
    return new Dice(state);
  }

  /** One of 0 to {@code bound - 1}. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Whether something of this probability happens. */
  boolean happens(double probability) {
    return random.nextDouble() < probability;
  }

  /** A standard normal number. */
  double normal() {
    return random.nextGaussian();
  }

  /** An exponential number of mean 1. */
  double exponential() {
    return -StrictMath.log(1 - random.nextDouble());
  }

  /** A positive factor, log-normal with mean square 1; {@code spread} is that of its logarithm. */
  double factor(double spread) {
    return StrictMath.exp(spread * normal() - spread * spread);
  }

  /** Adds {@code factor} times independent normal numbers with deviations {@code sd} (d). */
  void addTo(float[] vector, float[] sd, double factor) {
    for (int i = 0; i < vector.length; i++) {
      vector[i] += (float) (factor * sd[i] * normal());
    }
  }
}
