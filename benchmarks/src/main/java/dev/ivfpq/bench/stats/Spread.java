// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.stats;

import dev.ivfpq.bench.data.VectorSet;
import java.util.Arrays;

/** Rows evenly spread over a set, the first always among them. */
final class Spread {
  private Spread() {}

  /** Numbers of at most {@code most} of {@code n} rows, ascending. */
  static int[] of(int n, int most) {
    int count = Math.min(n, most);
    int[] numbers = new int[count];
    Arrays.setAll(numbers, i -> (int) ((long) i * n / count));
    return numbers;
  }

  /** The rows themselves, not copied. */
  static float[][] over(VectorSet set, int most) {
    return Arrays.stream(of(set.size(), most)).mapToObj(i -> set.rows()[i]).toArray(float[][]::new);
  }
}
