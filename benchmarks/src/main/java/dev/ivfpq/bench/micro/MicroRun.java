// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One run of JMH: each benchmark in a JVM of its own, with the vector module and this JVM's
 * options; mean nanoseconds an operation.
 */
public final class MicroRun {
  /** The M of quick runs: the default's for 256 dimensions. */
  private static final String QUICK_M = "64";

  /** Seconds; a vector kernel is fully compiled after some of them. */
  private static final int WARM_UP = 5;

  private MicroRun() {}

  /**
   * Runs the benchmarks; JMH prints to the standard output.
   *
   * @param say told what is left out because it does not exist here
   * @throws IllegalArgumentException if nothing remains to be run, or a parameter has no such name
   * @throws RunnerException if a benchmark failed or had a wrong result, or another JMH is running
   */
  public static void run(MicroPlan plan, Consumer<String> say) throws RunnerException {
    List<BenchmarkListEntry> found = found(plan.regex());
    Map<String, List<String>> params = new TreeMap<>(plan.params());
    for (String name : params.keySet()) {
      if (found.stream().noneMatch(entry -> values(entry).containsKey(name))) {
        throw new IllegalArgumentException(
            "no benchmark of these has a parameter " + name + ": " + names(found));
      }
    }
    if (plan.quick()) {
      params.putIfAbsent("M", List.of(QUICK_M));
    }
    List<BenchmarkListEntry> left = new ArrayList<>(found);
    for (String name : Existence.PARAMS) {
      List<BenchmarkListEntry> concerned =
          left.stream().filter(entry -> values(entry).containsKey(name)).toList();
      if (!concerned.isEmpty()) {
        List<String> asked = params.getOrDefault(name, List.of(values(concerned.get(0)).get(name)));
        List<String> existing = existing(name, asked, say);
        if (existing.isEmpty()) {
          left.removeAll(concerned);
        } else {
          params.put(name, existing);
        }
      }
    }
    if (left.isEmpty()) {
      throw new IllegalArgumentException("nothing to run is left of " + names(found));
    }
    new Runner(options(plan, left, params).build()).run();
  }

  private static List<BenchmarkListEntry> found(String regex) {
    List<BenchmarkListEntry> all = matching("");
    List<BenchmarkListEntry> found = matching("(?i)" + regex);
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "no benchmark matches " + regex + ", choose from " + names(all));
    }
    return found;
  }

  private static List<BenchmarkListEntry> matching(String regex) {
    var silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    return List.copyOf(BenchmarkList.defaultList().find(silent, List.of(regex), List.of()));
  }

  /** Without the package. */
  private static List<String> names(Collection<BenchmarkListEntry> entries) {
    String before = MicroRun.class.getPackageName() + ".";
    return entries.stream().map(entry -> entry.getUsername().substring(before.length())).toList();
  }

  /** Values of each parameter of a benchmark. */
  private static Map<String, String[]> values(BenchmarkListEntry entry) {
    return entry.getParams().orElse(Map.of());
  }

  private static List<String> existing(String name, List<String> asked, Consumer<String> say) {
    List<String> existing = new ArrayList<>();
    for (String value : asked) {
      String whyNot = Existence.whyNot(name, value);
      if (whyNot == null) {
        existing.add(value);
      } else {
        say.accept("skipping " + name + "=" + value + ": " + whyNot);
      }
    }
    return existing;
  }

  private static ChainedOptionsBuilder options(
      MicroPlan plan, List<BenchmarkListEntry> benchmarks, Map<String, List<String>> params) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .forks(1)
            .warmupIterations(plan.quick() ? 1 : WARM_UP)
            .warmupTime(TimeValue.seconds(plan.quick() ? 2 : 1))
            .measurementIterations(plan.quick() ? 1 : 5)
            .measurementTime(TimeValue.seconds(1))
            .addProfiler(CodeRate.class)
            .shouldFailOnError(true)
            .jvmArgsAppend(jvmArguments());
    for (BenchmarkListEntry benchmark : benchmarks) {
      options.include("^" + Pattern.quote(benchmark.getUsername()) + "$");
    }
    params.forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
    if (plan.out() != null) {
      options.resultFormat(ResultFormatType.JSON).result(plan.out().toString());
    }
    return options;
  }

  /** Added to this JVM's own, which JMH passes on. */
  private static String[] jvmArguments() {
    List<String> arguments =
        new ArrayList<>(
            Arrays.asList(
                "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
    if (Runtime.version().feature() >= 23) {
      // JMH itself uses it; without this word the JVM prints four lines about that.
      arguments.add("--sun-misc-unsafe-memory-access=allow");
    }
    return arguments.toArray(String[]::new);
  }
}
