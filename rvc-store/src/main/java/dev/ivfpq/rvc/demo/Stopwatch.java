// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.demo;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Times contenders on the same frames in one thread: all are warmed up, then take turns, and the
 * median of their rounds counts.
 */
final class Stopwatch {
  private final float[][] frames;
  private final int k;

  /** Takes what is searched, in every round. */
  Stopwatch(float[][] frames, int k) {
    this.frames = frames;
    this.k = k;
  }

  /**
   * Microseconds a frame of each contender.
   *
   * @param warmUpNanos how long each runs before it is timed, at least
   */
  double[] race(List<Contender> contenders, long warmUpNanos, int rounds) throws IOException {
    for (long spent = 0; spent < warmUpNanos * contenders.size(); ) {
      for (Contender contender : contenders) {
        spent += round(contender);
      }
    }
    double[][] micros = new double[contenders.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < micros.length; i++) {
        micros[i][round] = round(contenders.get(i)) / 1e3 / frames.length;
      }
    }
    return Arrays.stream(micros).mapToDouble(Stopwatch::median).toArray();
  }

  private long round(Contender contender) throws IOException {
    long start = System.nanoTime();
    for (float[] frame : frames) {
      contender.search(frame, k);
    }
    return System.nanoTime() - start;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
