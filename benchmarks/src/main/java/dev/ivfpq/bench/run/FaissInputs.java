// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the scripts that ask faiss read. */
public final class FaissInputs {
  private FaissInputs() {}

  /**
   * Writes {@code base.f32} (n, d), {@code queries.f32} (q, d) and {@code kth.f64} (q), the
   * distance of the true k-th neighbour of each query; all little-endian.
   *
   * @param folder exists
   */
  public static void write(Path folder, GroundTruth truth) throws IOException {
    write(folder.resolve("base.f32"), truth.base().rows());
    write(folder.resolve("queries.f32"), truth.queries().rows());
    ByteBuffer kth =
        ByteBuffer.allocate(truth.kth().length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    kth.asDoubleBuffer().put(truth.kth());
    Files.write(folder.resolve("kth.f64"), kth.array());
  }

  private static void write(Path file, float[][] rows) throws IOException {
    ByteBuffer buffer =
        ByteBuffer.allocate(rows[0].length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      for (float[] row : rows) {
        buffer.asFloatBuffer().put(row);
        out.write(buffer.array());
      }
    }
  }
}
