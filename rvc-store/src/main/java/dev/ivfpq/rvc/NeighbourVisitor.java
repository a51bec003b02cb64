// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.IOException;
import java.util.List;

/** Takes the neighbours of a query's frames, one frame after the other. */
@FunctionalInterface
public interface NeighbourVisitor {
  /** Hears once, before the first frame, which voices are searched, all of one dimension. */
  default void begin(List<VoiceRecord> voices) throws IOException {}

  /**
   * Takes the neighbours of one frame.
   *
   * @param frame its position in the query, from 0
   * @param neighbours nearest first; empty if none was found
   */
  void visit(int frame, List<Neighbour> neighbours) throws IOException;
}
