// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlendTest {

  /** The formula as RVC writes it down. */
  private static double[] rvc(float[] q, float[][] x, double rate) {
    double[] w = new double[x.length];
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      w[i] = Math.pow(1 / SquaredDistance.between(q, x[i]), 2);
      sum += w[i];
    }
    double[] result = new double[q.length];
    for (int j = 0; j < q.length; j++) {
      double v = 0;
      for (int i = 0; i < x.length; i++) {
        v += w[i] / sum * x[i][j];
      }
      result[j] = rate * v + (1 - rate) * q[j];
    }
    return result;
  }

  private static double[] distances(float[] q, float[][] x) {
    double[] distances = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      distances[i] = SquaredDistance.between(q, x[i]);
    }
    return distances;
  }

  private static float[] random(Random random, int dims) {
    float[] vector = new float[dims];
    for (int i = 0; i < dims; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 8, 20})
  void testBlendIsRvcsFormula(int k) {
    Random random = new Random(k);
    for (double rate : new double[] {0, 0.1, 0.5, 0.75, 1}) {
      float[] q = random(random, 33);
      float[][] x = new float[k][];
      for (int i = 0; i < k; i++) {
        x[i] = random(random, 33);
      }
      float[] out = new float[33];
      new Blend(rate).apply(q, distances(q, x), x, out);
      double[] expected = rvc(q, x, rate);
      for (int j = 0; j < q.length; j++) {
        assertEquals(expected[j], out[j], 1e-6);
      }
    }
  }

  @Test
  void testNeighbourAtTwiceTheDistanceWeighsASixteenth() {
    // Twice as far is four times the squared distance.
    assertArrayEquals(
        new double[] {16 / 17.0, 1 / 17.0}, Blend.weights(new double[] {2.5, 10}), 1e-15);
  }

  @Test
  void testEqualFrameTakesAllWeight() {
    assertArrayEquals(new double[] {0, 1, 0}, Blend.weights(new double[] {3, 0, 1e-300}));
    assertArrayEquals(new double[] {0.5, 0, 0.5}, Blend.weights(new double[] {0, 1, 0}));
  }

  @Test
  void testWeightsNeitherOverflowNorVanish() {
    assertArrayEquals(new double[] {0.8, 0.2}, Blend.weights(new double[] {1e-310, 2e-310}), 1e-9);
    assertArrayEquals(new double[] {0.8, 0.2}, Blend.weights(new double[] {1e300, 2e300}), 1e-12);
    assertArrayEquals(new double[] {1, 0}, Blend.weights(new double[] {1e-300, 1e300}));
  }

  @Test
  void testFrameWithoutNeighboursStaysAsItIs() {
    float[] frame = {1, 2, 3};
    float[] out = new float[3];
    new Blend(1).apply(frame, new double[0], new float[0][], out);
    assertArrayEquals(frame, out);
  }

  @Test
  void testRateOfZeroKeepsEveryBit() {
    float[] frame = random(new Random(5), 100);
    float[] out = new float[100];
    new Blend(0).apply(frame, new double[] {1}, new float[][] {random(new Random(6), 100)}, out);
    assertArrayEquals(frame, out);
  }

  @Test
  void testFrameMayBeItsOwnResult() {
    float[] frame = {1, 3};
    new Blend(0.5).apply(frame, new double[] {8}, new float[][] {{3, 1}}, frame);
    assertArrayEquals(new float[] {2, 2}, frame);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.01, 1.01, Double.NaN, Double.POSITIVE_INFINITY})
  void testOtherRatesAreRefused(double rate) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new Blend(rate));
    assertEquals("index-rate must be in [0, 1], got index-rate=" + rate, e.getMessage());
  }
}
