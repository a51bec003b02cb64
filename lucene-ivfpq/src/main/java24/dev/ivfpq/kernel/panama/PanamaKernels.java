// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel.panama;

import dev.ivfpq.kernel.FastScanKernel;
import dev.ivfpq.kernel.KernelProvider;
import dev.ivfpq.kernel.MatrixKernel;
import dev.ivfpq.kernel.ScalarMatrix;
import java.util.List;

public final class PanamaKernels implements KernelProvider {
  @Override
  public List<FastScanKernel> fastScan() {
    return List.of(new Kernel128(), new Kernel256(), new Kernel512());
  }

  @Override
  public MatrixKernel matrix() {
    return new ScalarMatrix();
  }
}
