// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import java.util.stream.IntStream;

/** Evenly spread positions. */
final class Spread {
  private Spread() {}

  /** At most {@code most} of the positions [0, size), ascending; all of them if there are fewer. */
  static IntStream of(int size, int most) {
    int count = Math.min(size, most);
    return IntStream.range(0, count).map(i -> (int) ((long) i * size / count));
  }
}
