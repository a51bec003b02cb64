// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.filter;

import dev.ivfpq.bench.run.BenchSystem;
import dev.ivfpq.bench.run.Distance;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is to be compared.
 *
 * @param systems of {@link #COMPARED}
 * @param shares of the documents that filters accept, each in (0, 1]
 * @param target recall that is to be reached
 * @param distance what is near
 * @param k neighbours asked for
 * @param rounds medians are taken over
 * @param segments 1: merged into one; more: about as many, never merged
 * @param queries most of one kind
 * @param seed of the order of documents, what random filters accept, and which rows become queries
 */
public record FilterPlan(
    List<BenchSystem> systems,
    List<Double> shares,
    double target,
    Distance distance,
    int k,
    int rounds,
    int segments,
    int queries,
    long seed) {
  /** Systems whose queries take filters here. */
  private static final Set<BenchSystem> COMPARED = EnumSet.of(BenchSystem.IVFPQ, BenchSystem.HNSW);

  /** Checks all numbers. */
  public FilterPlan {
    for (BenchSystem system : systems) {
      if (!COMPARED.contains(system)) {
        throw new IllegalArgumentException(
            "filters are compared for " + COMPARED + ", got " + system);
      }
    }
    for (double share : shares) {
      inUnit("selectivities", share);
    }
    inUnit("target", target);
    atLeastOne("k", k);
    atLeastOne("rounds", rounds);
    atLeastOne("segments", segments);
    atLeastOne("limit-queries", queries);
  }

  private static void inUnit(String name, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be in (0, 1], got " + value);
    }
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, got " + value);
    }
  }
}
