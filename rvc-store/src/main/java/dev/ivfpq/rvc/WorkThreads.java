// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

/**
 * How many threads a store works with, the caller's among them.
 *
 * <p>Searchers and sessions work on the caller's thread alone, whatever is set. Changes share the
 * training and encoding of merges, and {@link VoiceStore#check} the reading of segments, with
 * threads that begin with the work and are gone with it. What a flush trains is not shared.
 *
 * <p>One thread is beyond this: the first scans of a JVM have the kernels timed by a daemon thread,
 * {@code ivfpq-kernel-choice}, some tenths of a second in all. It is not started where {@code
 * -Ddev.ivfpq.kernel} names a kernel.
 *
 * @param most at least 1; 1 is the caller's alone
 */
public record WorkThreads(int most) {
  private static final int LIMIT = 1024;

  /** The caller's alone, as for those that must not be disturbed by others of their process. */
  public static final WorkThreads CALLER = new WorkThreads(1);

  /** Checks the number. */
  public WorkThreads {
    if (most < 1 || most > LIMIT) {
      throw new IllegalArgumentException(
          "threads must be in [1, " + LIMIT + "], got threads=" + most);
    }
  }

  /** One a processor. */
  public static WorkThreads processors() {
    return new WorkThreads(Math.min(LIMIT, Runtime.getRuntime().availableProcessors()));
  }
}
