// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which micro benchmarks are to be run, and how long.
 *
 * @param regex found in the names of those that run, whatever the case: {@code kernel}, {@code
 *     rerank}
 * @param quick one short iteration, and one M unless it is among the parameters: shows that a
 *     benchmark runs, not how fast
 * @param params values instead of the benchmarks' own, by parameter
 * @param out file for JMH's results in JSON; null for none
 */
public record MicroPlan(String regex, boolean quick, Map<String, List<String>> params, Path out) {

  /** Checks what can be checked without looking at the benchmarks. */
  public MicroPlan {
    try {
      Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "REGEX must be a regular expression, got " + regex + ": " + e.getDescription(), e);
    }
    params = Map.copyOf(params);
  }
}
