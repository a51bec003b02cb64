// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

import dev.ivfpq.kernel.MatrixKernel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Vectors' codes, for sub-spaces of two dimensions. An operation is one vector. */
@State(Scope.Thread)
public class EncodingBenchmark {
  private static final int DSUB = 2;
  private static final int KSUB = 16;
  private static final int N = 256;

  /** Name of the arithmetic. */
  @Param({MatrixKernels.SCALAR, MatrixKernels.PANAMA})
  public String matrix;

  /** Number of sub-quantizers. */
  @Param({"32", "64", "128"})
  public int M;

  private MatrixKernel kernel;
  private float[] codebooks;
  private float[] x;
  private byte[] codes;

  /** Draws codebooks and vectors. */
  @Setup
  public void draw() {
    kernel = MatrixKernels.named(matrix);
    codebooks = RandomFloats.of(M * DSUB * KSUB, 1);
    x = RandomFloats.of(N * M * DSUB, 2);
    codes = new byte[N * M];
    encode();
    for (int i = 0; i < N; i++) {
      for (int m = 0; m < M; m++) {
        check(i, m);
      }
    }
  }

  /** Two codewords may be equally near but for rounding: either is right. */
  private void check(int i, int m) {
    double least = Double.POSITIVE_INFINITY;
    for (int c = 0; c < KSUB; c++) {
      least = Math.min(least, squaredDistance(i, m, c));
    }
    int code = codes[i * M + m];
    FloatCheck.close("code's distance from vector", i, least, squaredDistance(i, m, code));
  }

  private double squaredDistance(int i, int m, int c) {
    double sum = 0;
    for (int k = m * DSUB; k < (m + 1) * DSUB; k++) {
      double difference = (double) x[i * M * DSUB + k] - codebooks[k * KSUB + c];
      sum += difference * difference;
    }
    return sum;
  }

  /** One batch. */
  @Benchmark
  @OperationsPerInvocation(N)
  public byte[] encode() {
    kernel.encode(x, 0, N, codebooks, M, DSUB, codes);
    return codes;
  }
}
