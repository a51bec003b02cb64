// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench;

import dev.ivfpq.bench.micro.MicroPlan;
import dev.ivfpq.bench.micro.MicroRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ivfpq-bench micro}. */
@Command(
    name = "micro",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Time the parts of a query and of indexing with JMH, each in a JVM of its own.",
      "Every benchmark checks its result; the command fails if one is wrong."
    },
    footer = {"", "Example: ivfpq-bench micro kernel -p M=64,128 --out kernels.json"})
final class MicroCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "REGEX",
      defaultValue = "",
      description =
          "Only benchmarks whose name it is found in, whatever the case: kernel, read, table,"
              + " rotation, ranking, assignment, encoding, rerank. Default: all.")
  private String regex;

  @Option(
      names = "--quick",
      description = "One short iteration of each, M=64: to see that they run, not how fast.")
  private boolean quick;

  @Option(
      names = {"-p", "--param"},
      paramLabel = "NAME=VALUE[,VALUE]",
      description = "Values of a benchmark's parameter, such as M=64,128 or kernel=256.")
  private Map<String, String> params = new TreeMap<>();

  @Option(names = "--out", paramLabel = "FILE", description = "File for JMH's results, as JSON.")
  private Path out;

  @Override
  public Integer call() throws Exception {
    Map<String, List<String>> values = new TreeMap<>();
    params.forEach((name, value) -> values.put(name, List.of(value.split(","))));
    try {
      MicroRun.run(new MicroPlan(regex, quick, values, out), this::say);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    } catch (RunnerException e) {
      throw new IOException(e.getMessage() + "; what JMH printed says more", e);
    }
    return 0;
  }

  private void say(String step) {
    spec.commandLine().getErr().println("ivfpq-bench: micro: " + step);
  }
}
