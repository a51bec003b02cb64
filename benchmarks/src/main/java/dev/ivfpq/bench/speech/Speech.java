// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speech;

/** What one speaker says, frame after frame, in the latent space. */
final class Speech {
  private final Speaker speaker;
  private final float[] noiseSd;
  private final float[] noise;
  private final Dice dice;
  private Word word;
  private Word next;
  private int phone;
  private int frame;
  private float[] from;
  private float[] to;

  /** Starts to speak; {@code dice} decides what is said. */
  Speech(Speaker speaker, Spectra spectra, Dice dice) {
    this.speaker = speaker;
    this.dice = dice;
    noiseSd = spectra.noise();
    noise = new float[noiseSd.length];
    dice.addTo(noise, noiseSd, 1);
    word = speaker.say(dice);
    from = speaker.place(word, 0);
    to = following();
  }

  /** The place of the phone after this one. */
  private float[] following() {
    if (phone + 1 < word.phones().length) {
      return speaker.place(word, phone + 1);
    }
    // The last phone's frames lead to the next word, which takes over when they are through.
    next = speaker.say(dice);
    return speaker.place(next, 0);
  }

  /** Writes the next frame to {@code out} (d). */
  void next(float[] out) {
    if (frame == word.frames()[phone]) {
      advance();
    }
    double part = (double) frame / word.frames()[phone];
    double weight = part * part * (3 - 2 * part);
    // A mean of two is narrower than each; this keeps the variance half way.
    double keep = 1 / Math.sqrt(weight * weight + (1 - weight) * (1 - weight));
    float ofFrom = (float) (keep * (1 - weight));
    float ofTo = (float) (keep * weight);
    for (int i = 0; i < out.length; i++) {
      out[i] = ofFrom * from[i] + ofTo * to[i];
    }
    speaker.shape(out);
    for (int i = 0; i < noise.length; i++) {
      noise[i] *= (float) Tuning.NOISE_MEMORY;
    }
    dice.addTo(noise, noiseSd, Math.sqrt(1 - Tuning.NOISE_MEMORY * Tuning.NOISE_MEMORY));
    for (int i = 0; i < out.length; i++) {
      out[i] += noise[i];
    }
    frame++;
  }

  private void advance() {
    frame = 0;
    from = to;
    if (++phone == word.phones().length) {
      word = next;
      phone = 0;
    }
    to = following();
  }
}
