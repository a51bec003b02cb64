// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.file.PartFile;
import dev.ivfpq.rvc.report.Drawing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Files that are there in whole or not at all; the ending of a picture's says of which kind. */
final class PictureFile {
  private static final String SVG = ".svg";
  private static final String PNG = ".png";

  private PictureFile() {}

  /**
   * Checks the ending.
   *
   * @throws ParameterException if it is another
   */
  static void check(Path file, CommandSpec command) {
    if (!endsWith(file, SVG) && !endsWith(file, PNG)) {
      throw new ParameterException(
          command.commandLine(), "a chart is written as .svg or .png, got --out " + file);
    }
  }

  static void write(Drawing drawing, Path file) throws IOException {
    write(endsWith(file, SVG) ? drawing.svg() : drawing.png(), file);
  }

  /** Replaces a file. */
  static void write(byte[] bytes, Path file) throws IOException {
    try (PartFile part = PartFile.create(file)) {
      part.write(ByteBuffer.wrap(bytes));
      part.finish();
    }
  }

  private static boolean endsWith(Path file, String ending) {
    return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(ending);
  }
}
