// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.quant;

import dev.ivfpq.kernel.MatrixKernel;
import dev.ivfpq.kernel.Panels;
import java.io.IOException;
import org.apache.lucene.index.FloatVectorValues;

/**
 * Reads raw vectors and hands them on normalized where the metric asks for it, and transformed. One
 * reader serves one thread.
 */
public final class RowReader {
  private static final int BATCH = 64;

  private final MatrixKernel kernel;
  private final FloatVectorValues values;
  private final Metric metric;
  private final VectorTransform transform;
  private final Panels rows;
  private final float[] centred;

  /**
   * @param values raw vectors by ordinal; used by this reader alone
   * @param rows the transform's rows as {@link #pack} made them, shared among readers
   */
  public RowReader(
      MatrixKernel kernel,
      FloatVectorValues values,
      Metric metric,
      VectorTransform transform,
      Panels rows) {
    this.kernel = kernel;
    this.values = values;
    this.metric = metric;
    this.transform = transform;
    this.rows = rows;
    this.centred = new float[BATCH * transform.d()];
  }

  /** The transform's rows for products; null for the identity. */
  public static Panels pack(MatrixKernel kernel, VectorTransform transform) {
    return transform.isIdentity()
        ? null
        : kernel.pack(transform.rows(), transform.dOut(), transform.d());
  }

  /**
   * Reads the vectors of {@code n} ordinals.
   *
   * @param ordinals ascending, from {@code from} on
   * @param y out (n, dOut), transformed
   * @param meanProducts out (n) for inner products: {@code <mean, x - mean>}
   */
  public void read(int[] ordinals, int from, int n, float[] y, float[] meanProducts)
      throws IOException {
    for (int done = 0; done < n; done += BATCH) {
      int count = Math.min(BATCH, n - done);
      for (int i = 0; i < count; i++) {
        centre(ordinals[from + done + i], i);
      }
      transform(count, y, done * transform.dOut());
      if (metric.isInnerProduct()) {
        for (int i = 0; i < count; i++) {
          meanProducts[done + i] = meanProduct(i);
        }
      }
    }
  }

  private void centre(int ordinal, int row) throws IOException {
    int d = transform.d();
    float[] mean = transform.mean();
    System.arraycopy(values.vectorValue(ordinal), 0, centred, row * d, d);
    if (metric.isNormalized()) {
      Metric.normalize(centred, row * d, d);
    }
    for (int j = 0; j < d; j++) {
      centred[row * d + j] -= mean[j];
    }
  }

  private float meanProduct(int row) {
    int d = transform.d();
    float[] mean = transform.mean();
    float sum = 0;
    for (int j = 0; j < d; j++) {
      sum += mean[j] * centred[row * d + j];
    }
    return sum;
  }

  private void transform(int count, float[] y, int yOffset) {
    int d = transform.d();
    int dOut = transform.dOut();
    if (rows != null) {
      kernel.multiply(centred, 0, count, rows, y, yOffset);
      return;
    }
    for (int i = 0; i < count; i++) {
      System.arraycopy(centred, i * d, y, yOffset + i * dOut, d);
    }
  }
}
