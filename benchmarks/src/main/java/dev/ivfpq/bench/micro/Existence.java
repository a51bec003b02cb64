// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

import dev.ivfpq.kernel.Kernels;
import java.util.List;

/** Parameters whose values depend on the machine and the JVM. */
final class Existence {
  /** Their names. */
  static final List<String> PARAMS = List.of("kernel", "bits", "matrix");

  private Existence() {}

  /** Why this value of one of {@link #PARAMS} is not to be had here; null if it is. */
  static String whyNot(String param, String value) {
    try {
      if (param.equals("matrix")) {
        MatrixKernels.named(value);
      } else {
        // A read loop exists where the kernel as wide does.
        Kernels.fastScan(value);
      }
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }
}
