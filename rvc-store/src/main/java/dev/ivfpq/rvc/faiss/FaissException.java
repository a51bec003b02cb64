// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.io.IOException;

/** A file that is no faiss index, or not one whose vectors can be had; a sentence for the user. */
public final class FaissException extends IOException {
  private static final long serialVersionUID = 1L;

  private FaissException(String message) {
    super(message);
  }

  static FaissException of(String file, String message) {
    return new FaissException(file + ": " + message);
  }

  static FaissException at(String file, long offset, String message) {
    return new FaissException(file + ": at byte " + offset + ": " + message);
  }
}
