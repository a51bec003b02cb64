// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

import java.util.SplittableRandom;

/** Floats from [0, 1): without signs no sum cancels, and results have a relative error. */
final class RandomFloats {
  private RandomFloats() {}

  static float[] of(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (random.nextInt() >>> 8) * 0x1p-24f;
    }
    return values;
  }
}
