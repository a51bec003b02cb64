// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import java.util.Locale;
import java.util.function.ToDoubleBiFunction;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.VectorUtil;

/** What is near: smaller is nearer, whatever Lucene makes of it as a score. */
public enum Distance {
  /** Squared L2. */
  EUCLIDEAN(VectorSimilarityFunction.EUCLIDEAN, Distance::squaredL2, VectorUtil::squareDistance),
  /** The negative product of vectors that are normalized first. */
  DOT_PRODUCT(
      VectorSimilarityFunction.DOT_PRODUCT,
      (a, b) -> -product(a, b),
      (a, b) -> -VectorUtil.dotProduct(a, b)),
  /** The negative cosine. */
  COSINE(
      VectorSimilarityFunction.COSINE,
      (a, b) -> -product(a, b) / Math.sqrt(product(a, a) * product(b, b)),
      (a, b) -> -VectorUtil.cosine(a, b)),
  /** The negative product. */
  MAXIMUM_INNER_PRODUCT(
      VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT, DOT_PRODUCT.exact, DOT_PRODUCT.quick);

  private final VectorSimilarityFunction lucene;
  private final ToDoubleBiFunction<float[], float[]> exact;
  private final ToDoubleBiFunction<float[], float[]> quick;

  Distance(
      VectorSimilarityFunction lucene,
      ToDoubleBiFunction<float[], float[]> exact,
      ToDoubleBiFunction<float[], float[]> quick) {
    this.lucene = lucene;
    this.exact = exact;
    this.quick = quick;
  }

  /** Lucene's function that ranks alike. */
  public VectorSimilarityFunction lucene() {
    return lucene;
  }

  /** In double precision. */
  double exact(float[] a, float[] b) {
    return exact.applyAsDouble(a, b);
  }

  /** In single precision, with Lucene's SIMD. */
  float quick(float[] a, float[] b) {
    return (float) quick.applyAsDouble(a, b);
  }

  private static double squaredL2(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      sum += difference * difference;
    }
    return sum;
  }

  private static double product(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /** As on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
