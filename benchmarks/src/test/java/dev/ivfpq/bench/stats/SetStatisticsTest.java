// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ivfpq.bench.data.VectorSet;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

/** Sets whose statistics are known. */
class SetStatisticsTest {
  private final SplittableRandom random = new SplittableRandom(42);

  @Test
  void aCubeHasTheLocalDimensionOfItsEdges() {
    // Five uniform coordinates, and three that are always 0 and must not count.
    for (int edges : new int[] {2, 5}) {
      VectorSet base = rows(20_000, edges, 8, random::nextDouble);
      // The middle of the cube, where no neighbour is missing for the walls.
      VectorSet queries = rows(500, edges, 8, () -> 0.3 + 0.4 * random.nextDouble());

      SetStatistics is = SetStatistics.measure(base, queries, 500);

      // The estimator's mean is (k-1)/(k-2) times too great: 8 % over k of 10 to 20.
      assertEquals(edges * 1.08, is.queries().localDimension().mean(), 0.1 * edges, "" + is);
      assertEquals(edges, is.base().localDimension().median(), 0.15 * edges, "" + is);
    }
  }

  @Test
  void aGaussianHasTheDistancesNormsAndDimsOfTheTextbook() {
    VectorSet base = rows(20_000, 100, 100, random::nextGaussian);
    VectorSet queries = rows(200, 100, 100, random::nextGaussian);

    SetStatistics is = SetStatistics.measure(base, queries, 200);

    // Means of chi distributions with 100 degrees of freedom; sd 1/sqrt(2).
    assertEquals(9.975, is.norm().mean(), 0.02);
    assertEquals(0.707, is.norm().sd(), 0.02);
    assertEquals(9.975 * Math.sqrt(2), is.randomPair(), 0.05);
    // Every direction holds 1 %, give or take the sample.
    assertEquals(48, is.principalDims().get(50), 2);
    assertEquals(94, is.principalDims().get(95), 1);
    assertEquals(99, is.principalDims().get(99), 0);
  }

  @Test
  void principalDimsOfKnownVariances() {
    // Variances 50, 30, 10, 5, 4.5, .5 on the axes, by two points each.
    double[] variances = {50, 30, 10, 5, 4.5, 0.5};
    VectorSet base = new VectorSet(new float[12][6]);
    for (int axis = 0; axis < 6; axis++) {
      base.rows()[2 * axis][axis] =
          (float) Math.sqrt(variances[axis]) + 1e-3f * (axis == 0 ? 1 : 0);
      base.rows()[2 * axis + 1][axis] = -base.rows()[2 * axis][axis];
    }

    assertEquals(Map.of(50, 1, 80, 2, 90, 3, 95, 4, 99, 5), PrincipalDims.of(base));
  }

  @Test
  void neighboursOnALine() {
    // 0, 1, 2, ... on one axis: from 50.25 the distances are .25, .75, 1.25, ...
    VectorSet base = new VectorSet(new float[200][2]);
    Arrays.setAll(base.rows(), i -> new float[] {i, 0});
    VectorSet query = new VectorSet(new float[][] {{50.25f, 0}});

    SetStatistics is = SetStatistics.measure(base, query, 100);

    assertEquals(0.25 / is.randomPair(), is.queries().nearestToRandom().mean(), 1e-6);
    assertEquals(4.75 / 0.25, is.queries().tenthToNearest().mean(), 1e-5);
    // The nearest is one row away; without the window, eleven.
    assertEquals(1 / is.randomPair(), is.base().nearestToRandom().mean(), 1e-6);
    assertEquals(11 / is.randomPair(), is.baseApart().nearestToRandom().mean(), 1e-6);
  }

  @Test
  void theEstimateIsThatOfThePaper() {
    // Distances j^(1/3): in three dims the number of neighbours grows with the cube of the radius.
    double[] distances = new double[20];
    Arrays.setAll(distances, j -> Math.cbrt(j + 1));
    double expected = 0;
    for (int k = 10; k <= 20; k++) {
      double logs = 0;
      for (int j = 1; j < k; j++) {
        logs += Math.log(distances[k - 1] / distances[j - 1]);
      }
      expected += (k - 1) / logs / 11;
    }

    assertEquals(expected, LocalDimension.of(new Neighbours(new int[20], distances)), 1e-9);
    assertEquals(3, expected, 0.6);
    assertEquals(Double.NaN, LocalDimension.of(new Neighbours(new int[19], new double[19])));
  }

  @Test
  void copiesAreNoNeighbours() {
    VectorSet base = rows(100, 4, 4, random::nextGaussian);
    VectorSet twice = new VectorSet(Arrays.copyOf(base.rows(), 101));
    twice.rows()[100] = twice.rows()[0].clone();

    assertEquals(
        SetStatistics.measure(base, base.first(1), 1).queries().tenthToNearest(),
        SetStatistics.measure(twice, base.first(1), 1).queries().tenthToNearest());
  }

  @Test
  void setsThatCannotBeMeasuredAreNamed() {
    VectorSet base = rows(100, 4, 4, random::nextGaussian);

    assertRefused(
        "queries have 3 dims, the base has 4; give two sets of one kind",
        base,
        rows(5, 3, 3, random::nextGaussian));
    assertRefused("the base must have at least 41 vectors, got 40", base.first(40), base);
    assertRefused("all vectors of the base are equal; give others", rows(50, 4, 4, () -> 1), base);
  }

  private static void assertRefused(String message, VectorSet base, VectorSet queries) {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> SetStatistics.measure(base, queries, 10));
    assertEquals(message, refused.getMessage());
  }

  /** Rows of {@code d} numbers, the first {@code filled} of them from {@code next}. */
  private static VectorSet rows(int n, int filled, int d, DoubleSupplier next) {
    float[][] rows = new float[n][d];
    for (float[] row : rows) {
      for (int j = 0; j < filled; j++) {
        row[j] = (float) next.getAsDouble();
      }
    }
    return new VectorSet(rows);
  }
}
