// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.quant;

import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.VectorUtil;

/**
 * A Lucene similarity as a distance, smaller is nearer, and back.
 *
 * <p>EUCLIDEAN: squared L2. COSINE: squared L2 between normalized vectors. The two inner products:
 * the negative inner product.
 */
public enum Metric {
  EUCLIDEAN,
  DOT_PRODUCT,
  COSINE,
  MAXIMUM_INNER_PRODUCT;

  public static Metric of(VectorSimilarityFunction similarity) {
    return switch (similarity) {
      case EUCLIDEAN -> EUCLIDEAN;
      case DOT_PRODUCT -> DOT_PRODUCT;
      case COSINE -> COSINE;
      case MAXIMUM_INNER_PRODUCT -> MAXIMUM_INNER_PRODUCT;
    };
  }

  /** Whether the distance is a negative inner product, else it is a squared L2 distance. */
  public boolean isInnerProduct() {
    return this == DOT_PRODUCT || this == MAXIMUM_INNER_PRODUCT;
  }

  /** Whether vectors and queries are scaled to unit length before anything else. */
  public boolean isNormalized() {
    return this == COSINE;
  }

  /** Lucene's score of a distance; an estimate below 0 counts as 0 under L2. */
  public float toScore(float distance) {
    return switch (this) {
      case EUCLIDEAN -> 1 / (1 + Math.max(distance, 0));
      case DOT_PRODUCT -> Math.max((1 - distance) / 2, 0);
      case COSINE -> Math.clamp(1 - distance / 4, 0f, 1f);
      case MAXIMUM_INNER_PRODUCT -> VectorUtil.scaleMaxInnerProductScore(-distance);
    };
  }

  /** The distance that has this score; +Infinity for a score of 0 or less. */
  public float toDistance(float score) {
    if (score <= 0) {
      return Float.POSITIVE_INFINITY;
    }
    return switch (this) {
      case EUCLIDEAN -> 1 / score - 1;
      case DOT_PRODUCT -> 1 - 2 * score;
      case COSINE -> 4 * (1 - score);
      case MAXIMUM_INNER_PRODUCT -> score >= 1 ? 1 - score : 1 / score - 1;
    };
  }

  /** Scales {@code v} (d) to unit length in place; a zero vector stays zero. */
  public static void normalize(float[] v, int offset, int d) {
    double squares = 0;
    for (int i = offset; i < offset + d; i++) {
      squares += (double) v[i] * v[i];
    }
    if (squares > 0) {
      float factor = (float) (1 / Math.sqrt(squares));
      for (int i = offset; i < offset + d; i++) {
        v[i] *= factor;
      }
    }
  }
}
