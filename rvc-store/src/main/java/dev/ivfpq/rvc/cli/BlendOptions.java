// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.Blend;
import dev.ivfpq.rvc.ConvertSummary;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A clip, how much of it becomes the store's, and where that goes. */
final class BlendOptions {
  @Option(
      names = "--index-rate",
      required = true,
      paramLabel = "R",
      description = "Share of the store's frames in the result, 0 to 1.")
  double indexRate;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "OUT.npy",
      description = "File for the result, float32; replaced if it is there.")
  Path out;

  @Parameters(paramLabel = "QUERY.npy", description = "A clip.")
  Path query;

  Blend blend(CommandSpec spec) {
    return Usage.checked(spec, () -> new Blend(indexRate));
  }

  void print(Console console, ConvertSummary written) throws IOException {
    console.print(
        "wrote %s: %,d frames x %d dims, %,d of them without a neighbour and left as they were",
        out, written.frames(), written.dims(), written.unanswered());
  }
}
