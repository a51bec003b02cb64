// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel.panama;

import dev.ivfpq.kernel.FastScanKernel;
import dev.ivfpq.kernel.KernelProvider;
import dev.ivfpq.kernel.MatrixKernel;
import java.util.List;
import jdk.incubator.vector.VectorShape;

/**
 * The kernels written with the Vector API. Public, with a public constructor, because {@link
 * dev.ivfpq.kernel.Kernels} loads it by name.
 */
public final class PanamaKernels implements KernelProvider {

  /** What the machine holds in one vector. Wider ones would be emulated. */
  private static final int WIDEST = VectorShape.preferredShape().vectorBitSize();

  @Override
  public List<FastScanKernel> fastScan() {
    return List.<FastScanKernel>of(new Kernel128(), new Kernel256(), new Kernel512()).stream()
        .filter(kernel -> Integer.parseInt(kernel.name()) <= WIDEST)
        .toList();
  }

  @Override
  public MatrixKernel matrix() {
    return new PanamaMatrix();
  }
}
