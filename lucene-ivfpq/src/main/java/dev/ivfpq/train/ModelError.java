// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.train;

import dev.ivfpq.kernel.Panels;
import dev.ivfpq.quant.Metric;
import dev.ivfpq.quant.Model;
import dev.ivfpq.quant.RowReader;
import dev.ivfpq.quant.VectorTransform;
import java.io.IOException;
import java.util.SplittableRandom;
import org.apache.lucene.index.FloatVectorValues;

/**
 * How far vectors are from what a model's lists say of them: the mean squared distance to the
 * nearest centroid, and to the space that the rotation keeps. Codes are of what is left, so their
 * error grows with it. Measured on the vectors that a model was trained for and on others, it tells
 * whether the model still fits.
 */
public final class ModelError {
  private static final int SAMPLE = 2048;

  private static final int PART = 256;

  private ModelError() {}

  /**
   * Measures on a sample.
   *
   * @param values raw vectors by ordinal
   * @return not below 0; not a number if the vectors overflow float arithmetic
   */
  public static float of(
      TrainingContext context, Metric metric, Model model, FloatVectorValues values)
      throws IOException {
    int[] ordinals =
        SampleOrdinals.draw(values.size(), SAMPLE, new SplittableRandom(values.size()));
    VectorTransform transform = model.transform();
    VectorTransform centring =
        new VectorTransform(transform.mean(), null, transform.d(), transform.d());
    int d = transform.d();
    int dOut = transform.dOut();
    Panels rows = RowReader.pack(context.kernel(), transform);
    Panels centroids =
        context.kernel().pack(model.coarse().centroids(), model.coarse().nlist(), dOut);
    double[] errors = new double[ordinals.length];
    context.inParts(
        ordinals.length,
        PART,
        (from, to) -> {
          int n = to - from;
          float[] x = new float[n * d];
          float[] y = new float[n * dOut];
          new RowReader(context.kernel(), values.copy(), metric, centring, null)
              .read(ordinals, from, n, x, new float[n]);
          new RowReader(context.kernel(), values.copy(), metric, transform, rows)
              .read(ordinals, from, n, y, new float[n]);
          float[] nearest = new float[n];
          context
              .kernel()
              .nearest(y, 0, n, centroids, model.coarse().norms(), new int[n], nearest, 0);
          for (int i = 0; i < n; i++) {
            double error = nearest[i];
            for (int j = i * d; j < (i + 1) * d; j++) {
              error += (double) x[j] * x[j];
            }
            errors[from + i] = error;
          }
        });
    double sum = 0;
    for (double error : errors) {
      sum += error;
    }
    return (float) Math.max(0, sum / errors.length);
  }
}
