// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch.demo;

import java.io.IOException;

/** This machine cannot run the demo, which is nobody's fault. */
final class SkippedException extends IOException {
  private static final long serialVersionUID = 1;

  SkippedException(String message) {
    super(message);
  }
}
