// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel;

import org.apache.lucene.store.IndexInput;

/**
 * Sums look-up table entries over blocks of 64 packed 4-bit codes, and drops what cannot compete.
 *
 * <p>{@link ScalarKernel} is the definition; every other kernel returns the same survivors, bit for
 * bit. The method is FastScan (André et al., "Cache locality is not enough", VLDB 2015).
 */
public interface FastScanKernel {

  /** What {@code -Ddev.ivfpq.kernel} calls this kernel: {@code scalar}, {@code 128}, ... */
  String name();

  /**
   * Prepares one query's scan.
   *
   * @param blocks the field's blocks, {@link CodeBlocks#blockBytes} each, block 0 at position 0;
   *     used by this scanner alone (a clone or slice of the reader's input)
   * @param M number of sub-quantizers
   * @param lut quantized LUT (M, 16), each entry in [0, 63], and small enough that no sum of M
   *     entries exceeds {@link Short#MAX_VALUE}; copied
   * @param scale distance of one table unit
   */
  BlockScanner scanner(IndexInput blocks, int M, byte[] lut, float scale);
}
