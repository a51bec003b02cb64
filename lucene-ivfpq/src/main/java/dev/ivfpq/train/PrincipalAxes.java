// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.train;

import dev.ivfpq.kernel.Panels;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The widest principal directions of a sample, by block subspace iteration (Golub and Van Loan,
 * Matrix Computations, 8.2.4): products with the covariance and orthonormalization in turn. A full
 * eigen-solve would cost more than all other training together.
 *
 * @param mean of the sample (d)
 * @param axes orthonormal rows (count, d), widest first
 * @param variances along each axis (count)
 * @param totalVariance over all d dimensions
 */
record PrincipalAxes(float[] mean, float[] axes, double[] variances, double totalVariance) {
  private static final int ITERATIONS = 5;

  /** Vectors whose products are added up at a time, which bounds the extra memory. */
  private static final int STRIP = 512;

  /**
   * @param x sample (n, d); centred in place
   * @param count how many directions, at most d
   */
  static PrincipalAxes of(
      TrainingContext context, float[] x, int n, int d, int count, SplittableRandom random)
      throws IOException {
    float[] mean = centre(x, n, d);
    float[] covariance = covariance(context, x, n, d);
    double total = 0;
    for (int j = 0; j < d; j++) {
      total += covariance[j * d + j];
    }
    float[] axes = new float[count * d];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = (float) random.nextGaussian();
    }
    Orthonormal.rows(axes, count, d, random);
    Panels panels = context.kernel().pack(covariance, d, d);
    float[] images = new float[count * d];
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      context.multiply(axes, count, panels, images);
      System.arraycopy(images, 0, axes, 0, axes.length);
      Orthonormal.rows(axes, count, d, random);
    }
    context.multiply(axes, count, panels, images);
    return widestFirst(mean, axes, images, count, d, total);
  }

  static float[] centre(float[] x, int n, int d) {
    double[] sums = new double[d];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        sums[j] += x[i * d + j];
      }
    }
    float[] mean = new float[d];
    for (int j = 0; j < d; j++) {
      mean[j] = (float) (sums[j] / n);
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        x[i * d + j] -= mean[j];
      }
    }
    return mean;
  }

  /** (d, d), as products of the transposed sample's rows, a strip of vectors at a time. */
  private static float[] covariance(TrainingContext context, float[] x, int n, int d)
      throws IOException {
    float[] covariance = new float[d * d];
    float[] products = new float[d * d];
    for (int first = 0; first < n; first += STRIP) {
      int length = Math.min(STRIP, n - first);
      float[] columns = new float[d * length];
      for (int i = 0; i < length; i++) {
        for (int j = 0; j < d; j++) {
          columns[j * length + i] = x[(first + i) * d + j];
        }
      }
      context.multiply(columns, d, context.kernel().pack(columns, d, length), products);
      for (int i = 0; i < covariance.length; i++) {
        covariance[i] += products[i] / n;
      }
    }
    return covariance;
  }

  private static PrincipalAxes widestFirst(
      float[] mean, float[] axes, float[] images, int count, int d, double total) {
    double[] variances = new double[count];
    for (int i = 0; i < count; i++) {
      for (int j = i * d; j < (i + 1) * d; j++) {
        variances[i] += (double) axes[j] * images[j];
      }
    }
    int[] order =
        IntStream.range(0, count)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -variances[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    float[] sorted = new float[axes.length];
    double[] sortedVariances = new double[count];
    for (int i = 0; i < count; i++) {
      System.arraycopy(axes, order[i] * d, sorted, i * d, d);
      sortedVariances[i] = variances[order[i]];
    }
    return new PrincipalAxes(mean, sorted, sortedVariances, total);
  }

  /**
   * How many of the widest axes hold {@code share} of the variance; more than there are if none.
   */
  int axesHolding(double share) {
    double sum = 0;
    for (int i = 0; i < variances.length; i++) {
      sum += variances[i];
      if (sum >= share * totalVariance) {
        return i + 1;
      }
    }
    return variances.length + 1;
  }

  /** The first {@code count} axes (count, d). */
  float[] widest(int count) {
    return Arrays.copyOf(axes, count * mean.length);
  }
}
