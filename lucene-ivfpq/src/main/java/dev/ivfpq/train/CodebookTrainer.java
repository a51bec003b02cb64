// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.train;

import static dev.ivfpq.quant.ProductQuantizer.KSUB;

import dev.ivfpq.quant.ProductQuantizer;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Learns the M codebooks of a product quantizer: one k-means of 16 codewords in each sub-space, all
 * of them side by side, since one encoding of the sample is the assignment step of every one.
 */
final class CodebookTrainer {
  private static final int ITERATIONS = 12;
  private static final int PART = 1024;

  private final TrainingContext context;
  private final float[] x;
  private final int n;
  private final int M;
  private final int dsub;
  private final byte[] codes;

  /**
   * @param x what will be encoded (n, M * dsub), not modified
   */
  CodebookTrainer(TrainingContext context, float[] x, int n, int M, int dsub) {
    this.context = context;
    this.x = x;
    this.n = n;
    this.M = M;
    this.dsub = dsub;
    this.codes = new byte[n * M];
  }

  /** Trains from k-means++ seeds. */
  ProductQuantizer train(SplittableRandom random) throws IOException {
    float[] codebooks = new float[M * dsub * KSUB];
    for (int m = 0; m < M; m++) {
      seed(m, codebooks, random);
    }
    return refine(codebooks, ITERATIONS);
  }

  /** Continues from given codebooks (M, dsub, 16), which are overwritten. */
  ProductQuantizer refine(float[] codebooks, int iterations) throws IOException {
    for (int iteration = 0; iteration < iterations; iteration++) {
      encode(codebooks);
      means(codebooks);
    }
    return new ProductQuantizer(codebooks, M, dsub);
  }

  /** The sample's codes (n, M) under {@code codebooks}, valid until the next call. */
  byte[] encode(float[] codebooks) throws IOException {
    int d = M * dsub;
    context.inParts(
        n,
        PART,
        (from, to) -> {
          byte[] part = new byte[(to - from) * M];
          context.kernel().encode(x, from * d, to - from, codebooks, M, dsub, part);
          System.arraycopy(part, 0, codes, from * M, part.length);
        });
    return codes;
  }

  private void means(float[] codebooks) {
    int d = M * dsub;
    double[] sums = new double[codebooks.length];
    int[] sizes = new int[M * KSUB];
    for (int i = 0; i < n; i++) {
      for (int m = 0; m < M; m++) {
        int code = codes[i * M + m];
        sizes[m * KSUB + code]++;
        for (int j = m * dsub; j < (m + 1) * dsub; j++) {
          sums[j * KSUB + code] += x[i * d + j];
        }
      }
    }
    for (int j = 0; j < d; j++) {
      for (int c = 0; c < KSUB; c++) {
        int size = sizes[j / dsub * KSUB + c];
        // A codeword that encodes nothing stays where it is.
        if (size > 0) {
          codebooks[j * KSUB + c] = (float) (sums[j * KSUB + c] / size);
        }
      }
    }
  }

  private void seed(int m, float[] codebooks, SplittableRandom random) {
    int d = M * dsub;
    // A few hundred points choose 16 seeds well enough; Lloyd's iterations see all of them.
    int size = Math.min(n, 512);
    double[] nearest = new double[size];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    int chosen = random.nextInt(size);
    for (int c = 0; c < KSUB; c++) {
      double total = 0;
      for (int j = 0; j < dsub; j++) {
        codebooks[(m * dsub + j) * KSUB + c] = at(chosen, size, m * dsub + j, d);
      }
      for (int i = 0; i < size; i++) {
        double distance = 0;
        for (int j = m * dsub; j < (m + 1) * dsub; j++) {
          double difference = at(i, size, j, d) - codebooks[j * KSUB + c];
          distance += difference * difference;
        }
        nearest[i] = Math.min(nearest[i], distance);
        total += nearest[i];
      }
      double rest = random.nextDouble() * total;
      chosen = 0;
      while (chosen < size - 1 && (rest -= nearest[chosen]) >= 0) {
        chosen++;
      }
    }
  }

  /** Coordinate j of the i-th of {@code size} points spread over the sample. */
  private float at(int i, int size, int j, int d) {
    int row = (int) ((long) i * n / size);
    return x[row * d + j];
  }
}
