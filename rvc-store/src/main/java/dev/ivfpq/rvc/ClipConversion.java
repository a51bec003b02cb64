// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A clip, what becomes of it, and where that goes.
 *
 * @param query a {@code .npy} file
 * @param out takes the result when all of it is there: {@code <f4}, a row a frame of the clip; a
 *     row a pitch if it is protected with two a frame
 * @param blend of each frame with its neighbours
 * @param protect of unvoiced frames, if any
 */
public record ClipConversion(Path query, Path out, Blend blend, Optional<ClipProtect> protect) {
  /** Checks that all is there. */
  public ClipConversion {
    Objects.requireNonNull(query, "query");
    Objects.requireNonNull(out, "out");
    Objects.requireNonNull(blend, "blend");
    Objects.requireNonNull(protect, "protect");
  }

  /** Unprotected. */
  public ClipConversion(Path query, Path out, Blend blend) {
    this(query, out, blend, Optional.empty());
  }
}
