// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench;

import picocli.CommandLine.Option;

/** How many neighbours are asked for, and how often things are timed. */
final class RepeatOptions {
  @Option(
      names = "--k",
      paramLabel = "N",
      defaultValue = "10",
      description = "Neighbours a query. Default: ${DEFAULT-VALUE}.")
  int k;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Timed rounds, medians of which count. Default: ${DEFAULT-VALUE}.")
  int rounds;
}
