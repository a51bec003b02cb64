// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.WorkThreads;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How many threads work. */
final class ThreadsOption {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Most threads that work at a time. Default: one a processor.")
  private Integer most;

  WorkThreads checked(CommandSpec spec) {
    return Usage.checked(
        spec, () -> most == null ? WorkThreads.processors() : new WorkThreads(most));
  }
}
