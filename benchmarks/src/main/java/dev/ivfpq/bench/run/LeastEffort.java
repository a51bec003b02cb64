// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import java.io.IOException;

/**
 * Finds the least effort that is enough, where more is never worse: bigger and bigger steps until
 * it is enough, then halving.
 */
public final class LeastEffort {
  private static final double STEP = 1.5;

  /** Efforts this close are not told apart: the time between them is within the noise. */
  private static final double PRECISION = 0.02;

  private LeastEffort() {}

  /** Whether an effort is enough. */
  @FunctionalInterface
  public interface Enough {
    /** Tries the effort, or remembers that it was tried. */
    boolean at(int effort) throws IOException;
  }

  /** The least effort in [{@code least}, {@code most}] that is enough; {@code most} if none is. */
  public static int find(int least, int most, Enough enough) throws IOException {
    int failing = least - 1;
    int effort = least;
    while (!enough.at(effort)) {
      if (effort == most) {
        return most;
      }
      failing = effort;
      effort = (int) Math.min(most, Math.max(effort + 1, Math.round(effort * STEP)));
    }
    while (effort - failing > Math.max(1, effort * PRECISION)) {
      int middle = (failing + effort) >>> 1;
      if (enough.at(middle)) {
        effort = middle;
      } else {
        failing = middle;
      }
    }
    return effort;
  }
}
