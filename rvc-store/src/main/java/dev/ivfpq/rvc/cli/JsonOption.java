// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import picocli.CommandLine.Option;

/** How results are printed. */
final class JsonOption {
  @Option(names = "--json", description = "Print one JSON document and nothing else.")
  boolean wanted;
}
