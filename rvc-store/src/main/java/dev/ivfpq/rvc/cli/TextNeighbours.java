// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.Neighbour;
import java.io.IOException;
import java.util.List;

/** A table, a line a neighbour, columns separated by tabs. */
record TextNeighbours(Console console) implements NeighbourPrinter {
  @Override
  public void visit(int frame, List<Neighbour> neighbours) throws IOException {
    if (frame == 0) {
      console.print("frame\tdistance\tspeaker\tclip\tclip frame\tseconds");
    }
    for (Neighbour neighbour : neighbours) {
      console.print(
          "%d\t%s\t%s\t%s\t%d\t%.2f",
          frame,
          (float) neighbour.distance(),
          neighbour.speaker(),
          neighbour.clip().replaceAll("\\p{Cntrl}", "?"),
          neighbour.frame(),
          neighbour.seconds());
    }
    if (neighbours.isEmpty()) {
      console.print("%d\tno neighbour found", frame);
    }
  }

  @Override
  public void finish() {}
}
