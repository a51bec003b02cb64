// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import dev.ivfpq.rvc.Clip;
import dev.ivfpq.rvc.npy.NpyReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whole {@code .npy} matrices, row by row. */
final class NpyRows {
  private NpyRows() {}

  /** The rows of one file. */
  static float[][] of(Path file) throws IOException {
    try (NpyReader reader = NpyReader.open(file)) {
      return reader.readAll();
    }
  }

  /** The rows of all clips of a folder, in the order of their file names. */
  static float[][] ofClips(Path folder) throws IOException {
    List<float[]> rows = new ArrayList<>();
    for (Clip clip : Clip.inFolder(folder)) {
      rows.addAll(List.of(of(clip.file())));
    }
    return rows.toArray(float[][]::new);
  }
}
