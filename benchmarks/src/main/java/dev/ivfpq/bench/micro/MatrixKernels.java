// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

import dev.ivfpq.kernel.Kernels;
import dev.ivfpq.kernel.MatrixKernel;
import dev.ivfpq.kernel.ScalarMatrix;

/** Matrix arithmetic by name: values of JMH's parameter {@code matrix}. */
final class MatrixKernels {
  static final String SCALAR = "scalar";
  static final String PANAMA = "panama";

  private MatrixKernels() {}

  /**
   * The arithmetic of this name.
   *
   * @throws IllegalArgumentException if it does not exist here
   */
  static MatrixKernel named(String name) {
    MatrixKernel kernel = name.equals(SCALAR) ? new ScalarMatrix() : Kernels.matrix();
    if (!name.equals(SCALAR) && (!name.equals(PANAMA) || kernel instanceof ScalarMatrix)) {
      throw new IllegalArgumentException("matrix=" + name + " does not exist here");
    }
    return kernel;
  }
}
