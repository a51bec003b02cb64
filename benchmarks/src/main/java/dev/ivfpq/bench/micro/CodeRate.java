// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

import dev.ivfpq.kernel.CodeBlocks;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Adds rates to the results of benchmarks whose operation is one block: those with a parameter
 * {@code where}. A "code" is all M sub-quantizers' codes of one vector, M / 2 bytes: .59 G codes/s
 * at M=128 are 38 GB/s of codes. Terms are in neither number.
 *
 * <p>Public, with a public constructor, because JMH creates it by name in the forked JVM.
 */
public final class CodeRate implements InternalProfiler {
  /** Name of the secondary result in 10^9 vectors a second. */
  public static final String CODES = "codes";

  /** Name of the secondary result in 10^9 bytes of codes a second. */
  public static final String BYTES = "bytes";

  /** Reads nothing yet. */
  public CodeRate() {}

  @Override
  public String getDescription() {
    return "Vectors and bytes of codes a second";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {}

  @Override
  public Collection<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    // Where the benchmark failed there is no result, and no reason to hide its exception by
    // another.
    if (result.getRawPrimaryResults().isEmpty() || !benchmark.getParamsKeys().contains("where")) {
      return List.of();
    }
    double nanosPerBlock = result.getPrimaryResult().getScore();
    int codeBytes = CodeBlocks.codeBytes(Integer.parseInt(benchmark.getParam("M")));
    return List.of(
        rate(CODES, CodeBlocks.BLOCK / nanosPerBlock, "G codes/s"),
        rate(BYTES, codeBytes / nanosPerBlock, "GB/s"));
  }

  private static ScalarResult rate(String name, double value, String unit) {
    return new ScalarResult(name, value, unit, AggregationPolicy.AVG);
  }
}
