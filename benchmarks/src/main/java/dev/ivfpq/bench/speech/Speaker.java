// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speech;

/** One speaker: a way with each phone, words to come back to, and the shape of a voice. */
final class Speaker {
  private final long seed;
  private final int number;
  private final Spectra spectra;
  private final Phones phones;
  private final float[] accent;
  private final float[] stretch;
  private final float[] offset;
  private final Word[] words = new Word[Tuning.WORDS];

  /**
   * The speaker of a number; the same seed and number give the same one.
   *
   * @param phones what all speakers of the set share
   */
  Speaker(long seed, int number, Spectra spectra, Phones phones) {
    this.seed = seed;
    this.number = number;
    this.spectra = spectra;
    this.phones = phones;
    int d = spectra.total().length;
    Dice dice = Dice.of(seed, Subject.SPEAKER, number);
    accent = new float[d];
    stretch = new float[d];
    offset = new float[d];
    double unit = Math.sqrt(1 + Tuning.STRETCH * Tuning.STRETCH);
    double ownShare = Math.sqrt(Tuning.ACCENT / (1 + Tuning.ACCENT));
    for (int i = 0; i < d; i++) {
      stretch[i] = (float) ((1 + Tuning.STRETCH * dice.normal()) / unit);
      accent[i] = (float) (ownShare * spectra.phone()[i]);
    }
    dice.addTo(offset, spectra.total(), Math.sqrt(Tuning.SPEAKER_OFFSET));
    for (int i = 0; i < words.length; i++) {
      words[i] = Word.random(phones, spectra, dice);
    }
  }

  /** The next word. */
  Word say(Dice dice) {
    return dice.happens(Tuning.KNOWN_WORDS)
        ? words[dice.below(words.length)].again(spectra, dice)
        : Word.random(phones, spectra, dice);
  }

  /** Where phone {@code i} of a word of this speaker lies before {@link #shape}; (d), a new one. */
  float[] place(Word word, int i) {
    int phone = word.phones()[i];
    float[] place = phones.target(phone).clone();
    Dice.of(seed, Subject.ACCENT, number, phone).addTo(place, accent, 1);
    for (int j = 0; j < place.length; j++) {
      place[j] += word.tokens()[i][j];
    }
    return place;
  }

  /** Gives a latent frame (d) this speaker's voice, in place. */
  void shape(float[] frame) {
    for (int i = 0; i < frame.length; i++) {
      frame[i] = frame[i] * stretch[i] + offset[i];
    }
  }
}
