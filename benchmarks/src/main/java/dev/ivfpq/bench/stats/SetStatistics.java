// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.stats;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.ivfpq.bench.data.VectorSet;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.lucene.util.VectorUtil;

/**
 * The statistics of a base and its queries, by L2 distance.
 *
 * @param vectors of the base
 * @param dims of each
 * @param sampled queries, and base vectors, whose neighbours were looked at
 * @param principalDims directions that hold so many percent of the variance
 * @param queries against the base
 * @param base vectors of the base against all others
 * @param baseApart the same without those at most {@value #WINDOW} rows away: in speech, a frame's
 *     own neighbours in time
 * @param randomPair mean distance of two random base vectors
 * @param norm of the base vectors
 */
public record SetStatistics(
    @JsonProperty("base_vectors") int vectors,
    int dims,
    int sampled,
    @JsonProperty("principal_dims_by_percent") Map<Integer, Integer> principalDims,
    Neighbourhood queries,
    Neighbourhood base,
    @JsonProperty("base_apart_in_time") Neighbourhood baseApart,
    @JsonProperty("random_pair_distance") double randomPair,
    Summary norm) {
  /** Rows to each side that count as near in time. */
  public static final int WINDOW = 10;

  /** So many that leaving out the window leaves enough neighbours. */
  private static final int LEAST_BASE = 2 * WINDOW + 1 + Neighbours.COUNT;

  private static final int RANDOM_PAIRS = 10_000;

  /**
   * Measures.
   *
   * @param sample at most so many queries, and so many base vectors, are looked at
   * @throws IllegalArgumentException if the sets do not fit each other or are too small
   */
  public static SetStatistics measure(VectorSet base, VectorSet queries, int sample) {
    if (base.dims() != queries.dims()) {
      throw new IllegalArgumentException(
          "queries have "
              + queries.dims()
              + " dims, the base has "
              + base.dims()
              + "; give two sets of one kind");
    }
    if (base.size() < LEAST_BASE) {
      throw new IllegalArgumentException(
          "the base must have at least " + LEAST_BASE + " vectors, got " + base.size());
    }
    if (sample < 1) {
      throw new IllegalArgumentException("sample must be at least 1, got " + sample);
    }
    double randomPair = randomPair(base);
    float[][] asked = Spread.over(queries, sample);
    int[] rows = Spread.of(base.size(), sample);
    Neighbours[] near = Neighbours.of(Spread.over(base, sample), base);
    Neighbours[] apart =
        IntStream.range(0, rows.length)
            .mapToObj(i -> near[i].apart(rows[i], WINDOW))
            .toArray(Neighbours[]::new);
    return new SetStatistics(
        base.size(),
        base.dims(),
        sample,
        PrincipalDims.of(base),
        Neighbourhood.of(Neighbours.of(asked, base), randomPair),
        Neighbourhood.of(near, randomPair),
        Neighbourhood.of(apart, randomPair),
        randomPair,
        Summary.of(Arrays.stream(base.rows()).mapToDouble(SetStatistics::norm).toArray()));
  }

  private static double norm(float[] row) {
    return Math.sqrt(VectorUtil.dotProduct(row, row));
  }

  /** The mean distance of pairs drawn with a fixed seed. */
  private static double randomPair(VectorSet base) {
    SplittableRandom random = new SplittableRandom(0);
    double sum = 0;
    for (int i = 0; i < RANDOM_PAIRS; i++) {
      float[] a = base.rows()[random.nextInt(base.size())];
      float[] b = base.rows()[random.nextInt(base.size())];
      sum += Math.sqrt(VectorUtil.squareDistance(a, b));
    }
    return sum / RANDOM_PAIRS;
  }
}
