// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

/**
 * RVC's blend of a frame with its neighbours.
 *
 * <pre>
 * w_i = (1 / s_i)^2 / sum_j (1 / s_j)^2        s_i: squared distance of neighbour i
 * q'  = rate * sum_i w_i x_i + (1 - rate) * q
 * </pre>
 *
 * <p>RVC divides as written, and a frame that equals a stored one becomes NaN. Here the weights are
 * taken relative to the nearest neighbour's, {@code (s_0 / s_i)^2}, which is the same formula, and
 * its limit where s_0 is 0: neighbours at distance 0 share the weight, all others have none.
 */
public final class Blend {
  private final double rate;

  /**
   * A blend of one strength.
   *
   * @param rate RVC's index rate, 0 (the frame alone) to 1 (the neighbours alone)
   */
  public Blend(double rate) {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException("index-rate must be in [0, 1], got index-rate=" + rate);
    }
    this.rate = rate;
  }

  /**
   * The weights of neighbours.
   *
   * @param distances squared distances, at least 0 and finite, in any order
   * @return as many weights; their sum is 1, or there are none
   */
  public static double[] weights(double[] distances) {
    double[] weights = new double[distances.length];
    weights(distances, weights.length, weights);
    return weights;
  }

  /** The weights of the first {@code count} distances. */
  static void weights(double[] distances, int count, double[] weights) {
    double nearest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      nearest = Math.min(nearest, distances[i]);
    }
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double ratio = distances[i] == nearest ? 1 : nearest / distances[i];
      weights[i] = ratio * ratio;
      sum += weights[i];
    }
    for (int i = 0; i < count; i++) {
      weights[i] /= sum;
    }
  }

  /**
   * Blends one frame.
   *
   * @param frame (dims), not modified unless it is {@code out}
   * @param distances squared distances of the neighbours; none leaves the frame as it is
   * @param vectors the neighbours' vectors, (dims) each, in the same order; more are ignored
   * @param out (dims) takes the result
   */
  public void apply(float[] frame, double[] distances, float[][] vectors, float[] out) {
    if (distances.length == 0) {
      System.arraycopy(frame, 0, out, 0, frame.length);
      return;
    }
    double[] weights = weights(distances);
    double[] voice = new double[frame.length];
    for (int i = 0; i < weights.length; i++) {
      for (int j = 0; j < frame.length; j++) {
        voice[j] += weights[i] * vectors[i][j];
      }
    }
    apply(frame, voice, out);
  }

  /** Blends a frame with the weighted sum of its neighbours. */
  void apply(float[] frame, double[] voice, float[] out) {
    for (int j = 0; j < frame.length; j++) {
      out[j] = (float) (rate * voice[j] + (1 - rate) * frame[j]);
    }
  }
}
