// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

import dev.ivfpq.kernel.MatrixKernel;
import dev.ivfpq.quant.QuantizedLut;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A query's table, for sub-spaces of two dimensions. An operation is one table. */
@State(Scope.Thread)
public class TableBenchmark {
  private static final int DSUB = 2;
  private static final int KSUB = 16;

  /** Name of the arithmetic. */
  @Param({MatrixKernels.SCALAR, MatrixKernels.PANAMA})
  public String matrix;

  /** Number of sub-quantizers. */
  @Param({"32", "64", "128"})
  public int M;

  private MatrixKernel kernel;
  private float[] codebooks;
  private float[] y;
  private float[] lut;

  /** Draws codebooks and query. */
  @Setup
  public void draw() {
    kernel = MatrixKernels.named(matrix);
    codebooks = RandomFloats.of(M * DSUB * KSUB, 1);
    y = RandomFloats.of(M * DSUB, 2);
    lut = new float[M * KSUB];
    check(quantized());
  }

  private void check(QuantizedLut quantized) {
    double bias = 0;
    for (int m = 0; m < M; m++) {
      double least = Double.POSITIVE_INFINITY;
      for (int c = 0; c < KSUB; c++) {
        double product = 0;
        for (int k = m * DSUB; k < (m + 1) * DSUB; k++) {
          product += (double) y[k] * codebooks[k * KSUB + c];
        }
        FloatCheck.close("table entry", m * KSUB + c, -2 * product, lut[m * KSUB + c]);
        least = Math.min(least, -2 * product);
      }
      bias += least;
      for (int c = 0; c < KSUB; c++) {
        int entry = m * KSUB + c;
        double units = (lut[entry] - least) / quantized.scale();
        // Half a unit is the rounding itself.
        if (!(Math.abs(units - quantized.table()[entry]) <= 0.51)) {
          throw new IllegalStateException(
              "quantized entry %d is %d, must be %.3f rounded"
                  .formatted(entry, quantized.table()[entry], units));
        }
      }
    }
    FloatCheck.close("bias", 0, bias, quantized.bias());
  }

  /** The table in floats. */
  @Benchmark
  public float[] floats() {
    kernel.lut(codebooks, M, DSUB, y, -2, lut);
    return lut;
  }

  /** The table in floats, and from it the one in bytes. */
  @Benchmark
  public QuantizedLut quantized() {
    return QuantizedLut.of(kernel, floats(), M);
  }
}
