// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.NeighbourVisitor;
import java.io.IOException;

/** Prints neighbours as they are found, and nothing before the first. */
interface NeighbourPrinter extends NeighbourVisitor {
  /** Prints what comes after the last. */
  void finish() throws IOException;
}
