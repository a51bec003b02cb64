// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.Blend;
import dev.ivfpq.rvc.ClipConversion;
import dev.ivfpq.rvc.ClipProtect;
import dev.ivfpq.rvc.ConvertSummary;
import dev.ivfpq.rvc.Protect;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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

  @Option(
      names = "--f0",
      paramLabel = "F0.npy",
      description =
          "The clip's pitch in Hz, 0 where it is unvoiced: a list of one number a frame, or of two"
              + " (100 a second) as RVC extracts them; the result then has 100 rows a second, too.")
  private Path f0;

  @Option(
      names = "--protect",
      paramLabel = "P",
      description =
          "Share of the conversion in unvoiced frames, 0 to 0.5; 0.5 leaves them unprotected, as in"
              + " RVC. Needs --f0. Default: 0.33.")
  private Double protect;

  ClipConversion conversion(CommandSpec spec) {
    if (protect != null && f0 == null) {
      throw new ParameterException(
          spec.commandLine(), "--protect needs the clip's pitch, --f0 F0.npy");
    }
    return Usage.checked(
        spec,
        () ->
            new ClipConversion(
                query,
                out,
                new Blend(indexRate),
                Optional.ofNullable(f0)
                    .map(
                        file ->
                            new ClipProtect(
                                file, protect == null ? Protect.DEFAULT : new Protect(protect)))));
  }

  void print(Console console, ConvertSummary written) throws IOException {
    console.print(
        "wrote %s: %,d frames x %d dims%s, %,d of them without a neighbour and left as they were",
        out,
        written.frames(),
        written.dims(),
        written.rows() == written.frames()
            ? ""
            : String.format(Locale.ROOT, " in %,d rows", written.rows()),
        written.unanswered());
  }
}
