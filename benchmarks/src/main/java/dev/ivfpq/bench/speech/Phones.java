// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speech;

/** The sounds that all speakers share: where each lies in the latent space, and what follows it. */
final class Phones {
  private final float[][] targets;
  private final int[][] successors;

  Phones(long seed, Spectra spectra) {
    int d = spectra.phone().length;
    Dice dice = Dice.of(seed, Subject.PHONES);
    targets = new float[Tuning.PHONES][d];
    successors = new int[Tuning.PHONES][Tuning.SUCCESSORS];
    // The speakers' ways with a phone add to its variance.
    double shared = 1 / Math.sqrt(1 + Tuning.ACCENT);
    for (int phone = 0; phone < Tuning.PHONES; phone++) {
      dice.addTo(targets[phone], spectra.phone(), shared * dice.factor(Tuning.PHONE_SPREAD));
      for (int i = 0; i < Tuning.SUCCESSORS; i++) {
        successors[phone][i] = dice.below(Tuning.PHONES);
      }
    }
  }

  /** The place (d) of a phone, owned by this. */
  float[] target(int phone) {
    return targets[phone];
  }

  /** Phones that can follow each other. */
  int[] walk(int length, Dice dice) {
    int[] walk = new int[length];
    walk[0] = dice.below(Tuning.PHONES);
    for (int i = 1; i < length; i++) {
      walk[i] = successors[walk[i - 1]][dice.below(Tuning.SUCCESSORS)];
    }
    return walk;
  }
}
