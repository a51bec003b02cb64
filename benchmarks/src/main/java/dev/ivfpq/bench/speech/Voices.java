// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speech;

import dev.ivfpq.rvc.npy.NpyWriter;
import java.io.IOException;

/** All that frames of one set have in common; writes what its speakers say. */
public final class Voices {
  private final long seed;
  private final Spectra spectra;
  private final Phones phones;
  private final Rotation rotation;
  private final float[] mean;

  /**
   * Of one set.
   *
   * @param seed of everything
   * @param d dimensions of a frame
   */
  public Voices(long seed, int d) {
    this.seed = seed;
    spectra = Spectra.of(d);
    phones = new Phones(seed, spectra);
    rotation = new Rotation(seed, d);
    mean = mean(Dice.of(seed, Subject.MEAN), d);
  }

  private static float[] mean(Dice dice, int d) {
    float[] mean = new float[d];
    double squares = 0;
    for (int i = 0; i < d; i++) {
      mean[i] = (float) dice.normal();
      squares += mean[i] * mean[i];
    }
    float scale = (float) (Tuning.MEAN_NORM / Math.sqrt(squares));
    for (int i = 0; i < d; i++) {
      mean[i] *= scale;
    }
    return mean;
  }

  /** Writes the first {@code frames} frames that a speaker says. */
  public void write(int speaker, int frames, NpyWriter out) throws IOException {
    Dice dice = Dice.of(seed, Subject.SPEECH, speaker);
    Speech speech = new Speech(new Speaker(seed, speaker, spectra, phones), spectra, dice);
    float[] frame = new float[mean.length];
    for (int i = 0; i < frames; i++) {
      speech.next(frame);
      rotation.apply(frame);
      for (int j = 0; j < frame.length; j++) {
        frame[j] += mean[j];
      }
      out.write(frame, 1);
    }
  }
}
