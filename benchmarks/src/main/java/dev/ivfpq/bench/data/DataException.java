// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.data;

import java.io.IOException;
import java.nio.file.Path;

/** A file that is not what it should be; the message is one sentence for the user. */
public final class DataException extends IOException {
  private static final long serialVersionUID = 1L;

  DataException(Path file, String problem) {
    super(file + ": " + problem);
  }
}
