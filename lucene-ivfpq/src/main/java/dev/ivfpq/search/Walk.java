// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import java.io.IOException;

/** Visits lists nearest first and offers their accepted vectors to a sink. */
interface Walk {
  boolean hasNext();

  /** The distance by which the next list is ranked. */
  float distance() throws IOException;

  /** Scans the next list that holds vectors; returns how many of them are accepted. */
  int scanNext(CandidateSink sink) throws IOException;

  /** Starts again with the nearest list; what was counted as visited is not counted again. */
  void restart() throws IOException;
}
