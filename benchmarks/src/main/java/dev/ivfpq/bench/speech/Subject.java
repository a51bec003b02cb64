// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speech;

/** First steps of the paths that name {@link Dice}. */
final class Subject {
  static final long PHONES = 1;
  static final long ROTATION = 2;
  static final long MEAN = 3;
  static final long SPEAKER = 4;
  static final long ACCENT = 5;
  static final long SPEECH = 6;

  private Subject() {}
}
