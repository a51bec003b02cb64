// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speech;

/**
 * How wide each latent axis is, and by what: standard deviations, widest axis first.
 *
 * <p>Wide axes are mostly phones, narrow ones mostly what differs from token to token and from
 * frame to frame.
 *
 * @param total (d) of frames
 * @param phone (d) of phones, all speakers' ways with them included
 * @param token (d) of one token around its phone
 * @param noise (d) of one frame around its token
 */
record Spectra(float[] total, float[] phone, float[] token, float[] noise) {
  /** The spectra of sets with {@code d} dims. */
  static Spectra of(int d) {
    double[] total = new double[d];
    double[] flat = new double[d];
    for (int i = 0; i < d; i++) {
      double u = u(i);
      total[i] = StrictMath.pow(u + Tuning.HEAD, -Tuning.DECAY) * StrictMath.exp(-u * u);
      flat[i] = Math.sqrt(total[i]);
    }
    scale(total, Tuning.VARIANCE);
    scale(flat, Tuning.VARIANCE * Tuning.NOISE_SHARE);
    Spectra spectra = new Spectra(new float[d], new float[d], new float[d], new float[d]);
    for (int i = 0; i < d; i++) {
      double noise = Math.min(flat[i], total[i] * Tuning.MOST_NOISE);
      double speech = total[i] - noise;
      double phone = speech / (1 + u(i) / Tuning.PHONE_AXIS);
      spectra.total[i] = (float) Math.sqrt(total[i]);
      spectra.phone[i] = (float) Math.sqrt(phone);
      spectra.token[i] = (float) Math.sqrt(speech - phone);
      spectra.noise[i] = (float) Math.sqrt(noise);
    }
    return spectra;
  }

  private static double u(int axis) {
    return (axis + 0.5) / Tuning.FULL_DIMS;
  }

  private static void scale(double[] variances, double sum) {
    double before = 0;
    for (double variance : variances) {
      before += variance;
    }
    for (int i = 0; i < variances.length; i++) {
      variances[i] *= sum / before;
    }
  }
}
