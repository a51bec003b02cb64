// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.file;

import java.io.IOException;

/** An archive that cannot be read, or is not to be trusted; a sentence for the user. */
public final class ArchiveException extends IOException {
  private static final long serialVersionUID = 1L;

  ArchiveException(String message) {
    super(message);
  }

  ArchiveException(String message, Throwable cause) {
    super(message, cause);
  }
}
