// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import java.util.Locale;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.VectorUtil;

/** What is near: smaller is nearer, whatever Lucene makes of it as a score. */
public enum Distance {
  /** Squared L2. */
  EUCLIDEAN(VectorSimilarityFunction.EUCLIDEAN) {
    @Override
    double exact(float[] a, float[] b) {
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        double difference = (double) a[i] - b[i];
        sum += difference * difference;
      }
      return sum;
    }

    @Override
    float quick(float[] a, float[] b) {
      return VectorUtil.squareDistance(a, b);
    }
  },
  /** The negative product of vectors that are normalized first. */
  DOT_PRODUCT(VectorSimilarityFunction.DOT_PRODUCT) {
    @Override
    double exact(float[] a, float[] b) {
      return -product(a, b);
    }

    @Override
    float quick(float[] a, float[] b) {
      return -VectorUtil.dotProduct(a, b);
    }
  },
  /** The negative cosine. */
  COSINE(VectorSimilarityFunction.COSINE) {
    @Override
    double exact(float[] a, float[] b) {
      return -product(a, b) / Math.sqrt(product(a, a) * product(b, b));
    }

    @Override
    float quick(float[] a, float[] b) {
      return -VectorUtil.cosine(a, b);
    }
  },
  /** The negative product. */
  MAXIMUM_INNER_PRODUCT(VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT) {
    @Override
    double exact(float[] a, float[] b) {
      return -product(a, b);
    }

    @Override
    float quick(float[] a, float[] b) {
      return -VectorUtil.dotProduct(a, b);
    }
  };

  private final VectorSimilarityFunction lucene;

  Distance(VectorSimilarityFunction lucene) {
    this.lucene = lucene;
  }

  /** Lucene's function that ranks alike. */
  public VectorSimilarityFunction lucene() {
    return lucene;
  }

  /** In double precision. */
  abstract double exact(float[] a, float[] b);

  /** In single precision, with Lucene's SIMD. */
  abstract float quick(float[] a, float[] b);

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
