// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

/**
 * How far a query's estimates are from its exact distances, learnt while candidates are scored.
 *
 * <p>Mean m and deviation s of (exact - estimate) tell how large an estimate may be for its vector
 * still to compete: a vector whose estimate + m - margin * s is beyond the k-th exact distance is
 * not expected to.
 */
final class ErrorModel {
  /** Candidates scored before anything is concluded, for k hits. */
  static int first(int k) {
    return Math.max(2 * k, STEP);
  }

  /** Candidates scored at once after the first ones. */
  static final int STEP = 32;

  private final float margin;
  private int count;
  private double sum;
  private double squares;

  /**
   * @param margin in deviations; +Infinity: every vector may compete
   */
  ErrorModel(float margin) {
    this.margin = margin;
  }

  /** Whether every vector may compete. */
  boolean scoresAll() {
    return margin == Float.POSITIVE_INFINITY;
  }

  /** Whether candidates were scored. */
  boolean isKnown() {
    return count > 0;
  }

  void add(float exact, float estimate) {
    double error = (double) exact - estimate;
    count++;
    sum += error;
    squares += error * error;
  }

  /**
   * The largest estimate that a vector which competes is expected to have.
   *
   * @param farthest the k-th exact distance so far
   */
  float reach(float farthest) {
    if (!isKnown() || scoresAll()) {
      return Float.POSITIVE_INFINITY;
    }
    double mean = sum / count;
    double deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
    return (float) (farthest - mean + margin * deviation);
  }
}
