// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which store. */
final class StoreOption {
  @Option(
      names = "--store",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the store.")
  Path folder;
}
