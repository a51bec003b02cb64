// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

import dev.ivfpq.kernel.MatrixKernel;
import dev.ivfpq.kernel.Panels;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A query's rotation to half its dimensions, by a mapped matrix. An operation is one query. */
@State(Scope.Thread)
public class RotationBenchmark {
  /** Name of the arithmetic. */
  @Param({MatrixKernels.SCALAR, MatrixKernels.PANAMA})
  public String matrix;

  /** Dimensions of the query. */
  @Param({"256", "768"})
  public int d;

  private MatrixKernel kernel;
  private MappedFile file;
  private float[] x;
  private float[] y;

  /** Writes the matrix. */
  @Setup
  public void open() throws IOException {
    kernel = MatrixKernels.named(matrix);
    float[] rows = RandomFloats.of(d / 2 * d, 1);
    file = MappedFile.of(Panels.of(rows, d / 2, d, Panels.STORED_WIDTH).values());
    x = RandomFloats.of(d, 2);
    y = new float[d / 2];
    rotate();
    for (int j = 0; j < y.length; j++) {
      FloatCheck.close("rotated dimension", j, FloatCheck.dot(rows, j * d, x, 0, d), y[j]);
    }
  }

  /** Unmaps the matrix. */
  @TearDown
  public void close() throws IOException {
    file.close();
  }

  /** One product with the matrix in its file. */
  @Benchmark
  public float[] rotate() throws IOException {
    kernel.multiply(file.input(), y.length, d, x, 1, y);
    return y;
  }
}
