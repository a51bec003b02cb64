// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel;

import java.util.List;

/** Kernels that need more than the base of the JVM; loaded by name, see {@link Kernels}. */
public interface KernelProvider {

  /** Kernels for each vector width that this machine has, the narrowest first. */
  List<FastScanKernel> fastScan();

  MatrixKernel matrix();
}
