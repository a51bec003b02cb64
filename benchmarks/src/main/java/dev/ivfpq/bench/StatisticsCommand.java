// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ivfpq.bench.data.VectorReader;
import dev.ivfpq.bench.data.VectorSet;
import dev.ivfpq.bench.stats.Neighbourhood;
import dev.ivfpq.bench.stats.SetStatistics;
import dev.ivfpq.bench.stats.Summary;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ivfpq-bench statistics}. */
@Command(
    name = "statistics",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Print what makes a set easy or hard to search.",
      "Local intrinsic dimensions are maximum-likelihood (Hill) estimates from L2 distances,"
          + " averaged over the 10 to 20 nearest neighbours (Levina and Bickel 2004, Amsaleg et al."
          + " 2015)."
    })
final class StatisticsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--base",
      required = true,
      paramLabel = "FILE",
      description = "Vectors to search in: .npy, a folder of them, .fvecs, .fbin, idx3-ubyte[.gz].")
  private Path base;

  @Option(
      names = "--queries",
      required = true,
      paramLabel = "FILE",
      description = "Vectors to search with, in any of these kinds.")
  private Path queries;

  @Option(
      names = "--sample",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "Queries, and base vectors, whose neighbours are looked at. Default: ${DEFAULT-VALUE}.")
  private int sample;

  @Option(names = "--json", description = "Print one JSON document and nothing else.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    if (sample < 1) {
      throw new ParameterException(spec.commandLine(), "sample must be at least 1, got " + sample);
    }
    VectorSet vectors = VectorReader.read(base);
    SetStatistics statistics = SetStatistics.measure(vectors, VectorReader.read(queries), sample);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(statistics));
    } else {
      print(statistics, out);
    }
    return 0;
  }

  private static void print(SetStatistics statistics, PrintWriter out) {
    out.println(statistics.vectors() + " vectors of " + statistics.dims() + " dims");
    String dims =
        statistics.principalDims().entrySet().stream()
            .map(entry -> entry.getValue() + " (" + entry.getKey() + " %)")
            .collect(Collectors.joining(", "));
    out.println("principal dims of the variance: " + dims);
    Summary norm = statistics.norm();
    out.printf(Locale.ROOT, "norm: mean %.2f, sd %.2f%n", norm.mean(), norm.sd());
    out.printf(Locale.ROOT, "distance of a random pair: %.2f%n", statistics.randomPair());
    out.println();
    out.println("median (mean)              local dim     nearest / random  tenth / nearest");
    print("queries", statistics.queries(), out);
    print("base", statistics.base(), out);
    print("base, > " + SetStatistics.WINDOW + " rows away", statistics.baseApart(), out);
  }

  private static void print(String name, Neighbourhood of, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%-24s %5.1f (%5.1f)     %.3f (%.3f)      %.3f (%.3f)%n",
        name,
        of.localDimension().median(),
        of.localDimension().mean(),
        of.nearestToRandom().median(),
        of.nearestToRandom().mean(),
        of.tenthToNearest().median(),
        of.tenthToNearest().mean());
  }
}
