// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import java.io.IOException;

/** Nobody reads our results any more, as after {@code ivfpq search ... | head}: no failure. */
final class ClosedPipeException extends IOException {
  private static final long serialVersionUID = 1L;

  ClosedPipeException(IOException cause) {
    super(cause);
  }
}
