// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

/** Hears how far long work has come. Called by the working thread. */
public interface Progress {
  /** The total of a step whose length is not known. */
  long UNKNOWN = -1;

  /** Hears nothing. */
  Progress NONE =
      new Progress() {
        @Override
        public void begin(String step, long total) {}

        @Override
        public void advance(long by) {}
      };

  /**
   * A step begins; the one before, if any, is done.
   *
   * @param step what is done, as a participle: {@code reading}
   * @param total how many frames it will take, or {@link #UNKNOWN}
   */
  void begin(String step, long total);

  /** {@code by} more frames of the step are done. */
  void advance(long by);
}
