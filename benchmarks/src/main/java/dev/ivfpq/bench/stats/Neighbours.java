// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.stats;

import dev.ivfpq.bench.data.VectorSet;
import dev.ivfpq.bench.run.Nearest;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.lucene.util.VectorUtil;

/**
 * Distances (L2) of one vector's nearest neighbours in the base, nearest first, computed exactly.
 * Vectors equal to it are left out: copies say nothing about a neighbourhood.
 *
 * @param rows (count) of the base
 * @param distances (count) all above 0
 */
record Neighbours(int[] rows, double[] distances) {
  /** Neighbours that every statistic here needs. */
  static final int COUNT = 20;

  /** Copies and frames near in time that may be taken out and leave enough. */
  private static final int SPARE = 44;

  /** Rows that stay in a core's cache while a group of vectors passes over them. */
  private static final int BLOCK = 256;

  private static final int GROUP = 32;

  /** Of each of {@code vectors}, on all cores. */
  static Neighbours[] of(float[][] vectors, VectorSet base) {
    Neighbours[] found = new Neighbours[vectors.length];
    IntStream.range(0, Math.ceilDiv(vectors.length, GROUP))
        .parallel()
        .forEach(group -> fill(found, group * GROUP, vectors, base));
    return found;
  }

  private static void fill(Neighbours[] found, int from, float[][] vectors, VectorSet base) {
    int to = Math.min(vectors.length, from + GROUP);
    Nearest[] nearest = new Nearest[to - from];
    Arrays.setAll(nearest, i -> new Nearest(COUNT + SPARE));
    for (int block = 0; block < base.size(); block += BLOCK) {
      int end = Math.min(base.size(), block + BLOCK);
      for (int i = from; i < to; i++) {
        for (int row = block; row < end; row++) {
          float squared = VectorUtil.squareDistance(vectors[i], base.rows()[row]);
          if (squared > 0) {
            nearest[i - from].offer(row, squared);
          }
        }
      }
    }
    for (int i = from; i < to; i++) {
      float[] squared = nearest[i - from].distances();
      double[] distances = new double[squared.length];
      Arrays.setAll(distances, j -> Math.sqrt(squared[j]));
      found[i] = new Neighbours(nearest[i - from].rows(), distances);
    }
  }

  /** Those more than {@code window} rows away from {@code row}. */
  Neighbours apart(int row, int window) {
    int[] kept =
        IntStream.range(0, rows.length).filter(i -> Math.abs(rows[i] - row) > window).toArray();
    return new Neighbours(
        Arrays.stream(kept).map(i -> rows[i]).toArray(),
        Arrays.stream(kept).mapToDouble(i -> distances[i]).toArray());
  }

  /** The distance of neighbour number {@code k}, from 1; infinite if there are fewer. */
  double distance(int k) {
    return k > distances.length ? Double.POSITIVE_INFINITY : distances[k - 1];
  }
}
