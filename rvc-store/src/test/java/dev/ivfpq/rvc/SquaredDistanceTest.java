// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside sums without any rounding. */
class SquaredDistanceTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 31, 256, 767, 768})
  void testIsTheExactSumButForRounding(int dims) {
    Random random = new Random(dims);
    float[] a = new float[dims];
    float[] b = new float[dims];
    BigDecimal exact = BigDecimal.ZERO;
    for (int i = 0; i < dims; i++) {
      // Every dimension has a size of its own, so that none can be left out or counted twice.
      a[i] = (float) (random.nextGaussian() * (1 + i));
      b[i] = (float) random.nextGaussian();
      exact = exact.add(new BigDecimal(a[i]).subtract(new BigDecimal(b[i])).pow(2));
    }
    double expected = exact.doubleValue();
    assertEquals(expected, SquaredDistance.between(a, b), 1e-13 * expected);
    assertEquals(0, SquaredDistance.between(a, a));
  }

  @ParameterizedTest
  @ValueSource(floats = {1e20f, 1e-30f})
  void testNeitherOverflowsNorVanishes(float size) {
    float[] a = {size, 0, 0, 0, 0};
    float[] b = {0, 0, 0, 0, size};
    double expected = 2 * (double) size * size;
    assertEquals(expected, SquaredDistance.between(a, b), 1e-15 * expected);
  }
}
