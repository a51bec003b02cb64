// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speech;

/**
 * A fixed random rotation: layers that each turn every axis together with one other by 45 degrees,
 * as the butterflies of a Hadamard transform do, but with random partners and directions. Twice
 * log2(d) layers mix each axis into all, for d log d multiplications where a matrix needs d
 * squared.
 */
final class Rotation {
  private static final float COSINE = (float) Math.sqrt(0.5);

  /** (layers, d): an axis and its partner, and so on; of odd d, the last one stays. */
  private final int[][] partners;

  /** (layers, d / 2): the sine of each turn. */
  private final float[][] sines;

  Rotation(long seed, int d) {
    Dice dice = Dice.of(seed, Subject.ROTATION);
    int layers = 2 * (Integer.SIZE - Integer.numberOfLeadingZeros(d - 1));
    partners = new int[layers][];
    sines = new float[layers][d / 2];
    for (int layer = 0; layer < layers; layer++) {
      partners[layer] = shuffled(d, dice);
      for (int i = 0; i < d / 2; i++) {
        sines[layer][i] = dice.happens(0.5) ? COSINE : -COSINE;
      }
    }
  }

  private static int[] shuffled(int d, Dice dice) {
    int[] order = new int[d];
    for (int i = 0; i < d; i++) {
      int at = dice.below(i + 1);
      order[i] = order[at];
      order[at] = i;
    }
    return order;
  }

  /** Rotates {@code vector} (d) in place. */
  void apply(float[] vector) {
    for (int layer = 0; layer < partners.length; layer++) {
      int[] order = partners[layer];
      float[] sine = sines[layer];
      for (int i = 0; i < sine.length; i++) {
        int a = order[2 * i];
        int b = order[2 * i + 1];
        float x = vector[a];
        float y = vector[b];
        vector[a] = COSINE * x - sine[i] * y;
        vector[b] = sine[i] * x + COSINE * y;
      }
    }
  }
}
