// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speech;

/**
 * A run of phones as one speaker says it.
 *
 * @param phones (length) their numbers
 * @param frames (length) from each phone to the next one
 * @param tokens (length, d) how far each is off its phone
 */
record Word(int[] phones, int[] frames, float[][] tokens) {
  /** A word never said before. */
  static Word random(Phones phones, Spectra spectra, Dice dice) {
    int length = Tuning.WORD_PHONES;
    Word word =
        new Word(
            phones.walk(length, dice), new int[length], new float[length][spectra.token().length]);
    for (int i = 0; i < length; i++) {
      int more = (int) (Tuning.PHONE_FRAMES * dice.exponential());
      word.frames[i] = Math.min(1 + more, Tuning.MOST_FRAMES);
      dice.addTo(word.tokens[i], spectra.token(), dice.factor(Tuning.TOKEN_SPREAD));
    }
    return word;
  }

  /** This word said again: not quite the same. */
  Word again(Spectra spectra, Dice dice) {
    float kept = (float) Math.sqrt(Tuning.WORD_MEMORY);
    double fresh = Math.sqrt(1 - Tuning.WORD_MEMORY);
    float[][] said = new float[tokens.length][];
    for (int i = 0; i < said.length; i++) {
      said[i] = tokens[i].clone();
      for (int j = 0; j < said[i].length; j++) {
        said[i][j] *= kept;
      }
      dice.addTo(said[i], spectra.token(), fresh * dice.factor(Tuning.TOKEN_SPREAD));
    }
    return new Word(phones, frames, said);
  }
}
