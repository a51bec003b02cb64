// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.data;

import dev.ivfpq.rvc.npy.NpyReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Rows of a {@code .npy} matrix. */
final class NpyRows {
  private static final int ROWS_PER_READ = 256;

  private NpyRows() {}

  /** Appends all rows of {@code file}. */
  static void addTo(List<float[]> rows, Path file) throws IOException {
    try (NpyReader reader = NpyReader.open(file)) {
      int dims = reader.dims();
      float[] block = new float[ROWS_PER_READ * dims];
      for (int row = 0; row < reader.rows(); row += ROWS_PER_READ) {
        int count = Math.min(ROWS_PER_READ, reader.rows() - row);
        reader.read(row, count, block);
        for (int i = 0; i < count; i++) {
          rows.add(Arrays.copyOfRange(block, i * dims, (i + 1) * dims));
        }
      }
    }
  }
}
