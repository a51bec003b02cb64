// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.IOException;

/** A store or an input that cannot be used so; the message is a sentence for the user. */
public final class StoreException extends IOException {
  private static final long serialVersionUID = 1L;

  /** A failure in words. */
  public StoreException(String message) {
    super(message);
  }

  /** A failure in words, and what it was noticed by. */
  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
