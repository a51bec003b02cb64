// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.demo;

import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.search.ScoreDoc;

/**
 * The true neighbours, by computing every distance.
 *
 * <p>A hit is right if it is at most as far as the true k-th, whichever of equally far frames it
 * is: real voices hold exact duplicates.
 */
final class ExactTruth {
  /** For the rounding of Lucene's scores. */
  private static final double TOLERANCE = 1 + 1e-6;

  private final float[][] corpus;
  private final float[][] frames;
  private final int k;
  private final double[] kth;

  /**
   * Computes the truth.
   *
   * @param corpus all vectors by document
   * @param allowed which of them may be found
   * @param frames what is searched
   * @param k neighbours a frame; there must be as many allowed vectors
   */
  ExactTruth(float[][] corpus, boolean[] allowed, float[][] frames, int k) {
    this.corpus = corpus;
    this.frames = frames;
    this.k = k;
    this.kth = new double[frames.length];
    double[] distances = new double[corpus.length];
    for (int i = 0; i < frames.length; i++) {
      int count = 0;
      for (int doc = 0; doc < corpus.length; doc++) {
        if (allowed[doc]) {
          distances[count++] = distance(frames[i], corpus[doc]);
        }
      }
      Arrays.sort(distances, 0, count);
      kth[i] = distances[k - 1] * TOLERANCE;
    }
  }

  /** Share of the true neighbours that {@code contender} returns. */
  double recall(Contender contender) throws IOException {
    long right = 0;
    for (int i = 0; i < frames.length; i++) {
      for (ScoreDoc hit : contender.search(frames[i], k)) {
        if (distance(frames[i], corpus[hit.doc]) <= kth[i]) {
          right++;
        }
      }
    }
    return right / ((double) frames.length * k);
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      sum += difference * difference;
    }
    return sum;
  }
}
