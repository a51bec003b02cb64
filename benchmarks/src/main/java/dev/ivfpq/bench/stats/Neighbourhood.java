// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.stats;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * How the nearest neighbours of many vectors lie.
 *
 * @param localDimension see {@link LocalDimension}
 * @param nearestToRandom distance of the nearest, over the mean distance of two random base vectors
 * @param tenthToNearest distance of the tenth neighbour over that of the nearest
 */
public record Neighbourhood(
    @JsonProperty("local_intrinsic_dimension") Summary localDimension,
    @JsonProperty("nearest_to_random_pair") Summary nearestToRandom,
    @JsonProperty("tenth_to_nearest") Summary tenthToNearest) {
  private static final int TENTH = 10;

  static Neighbourhood of(Neighbours[] all, double randomPair) {
    return new Neighbourhood(
        summary(all, LocalDimension::of),
        summary(all, neighbours -> neighbours.distance(1) / randomPair),
        summary(all, neighbours -> neighbours.distance(TENTH) / neighbours.distance(1)));
  }

  private static Summary summary(Neighbours[] all, ToDoubleFunction<Neighbours> value) {
    return Summary.of(Arrays.stream(all).mapToDouble(value).toArray());
  }
}
