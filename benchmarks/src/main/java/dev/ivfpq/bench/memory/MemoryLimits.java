// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.memory;

import java.io.IOException;

/** Whether memory can be limited here. */
public final class MemoryLimits {
  private static final long SOME = 1 << 28;

  private MemoryLimits() {}

  /** Why not, in a sentence; empty if it can. */
  public static String whyNot() {
    try {
      ControlGroup.create(SOME).close();
      return "";
    } catch (IOException e) {
      return e.getMessage();
    }
  }
}
