// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.nio.file.Path;
import java.util.Objects;

/**
 * How the unvoiced frames of a clip are protected.
 *
 * @param f0 a {@code .npy} file of the clip's pitches in Hz, 0 where it is unvoiced, shape (n,):
 *     one a frame, or two a frame as RVC has them (100 a second)
 * @param protect how far
 */
public record ClipProtect(Path f0, Protect protect) {
  /** Checks that both are there. */
  public ClipProtect {
    Objects.requireNonNull(f0, "f0");
    Objects.requireNonNull(protect, "protect");
  }
}
