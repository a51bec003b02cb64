// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.quant;

import dev.ivfpq.kernel.CodeBlocks;
import dev.ivfpq.kernel.MatrixKernel;

/**
 * The centroids as 4-bit codes in blocks, like the vectors of one list whose centroid is 0: a query
 * scans these first and computes exact distances to the nearest few only.
 *
 * @param pq codebooks learnt from the centroids, two dimensions each
 * @param blocks {@link CodeBlocks}, the code of list i in slot i; the term is the decoded
 *     centroid's squared norm, or 0 for inner products
 */
public record CentroidCodes(ProductQuantizer pq, byte[] blocks) {
  /** With fewer lists than this, computing all distances is as fast. */
  private static final int LEAST_NLIST = 2048;

  /** Dimensions of a sub-space. */
  public static final int DSUB = 2;

  /** Whether that many centroids of this width are worth coding. */
  public static boolean pay(int nlist, int d) {
    return nlist >= LEAST_NLIST && d % DSUB == 0;
  }

  /** Blocks that hold {@code nlist} centroids. */
  public static int blocks(int nlist) {
    return (nlist + CodeBlocks.BLOCK - 1) / CodeBlocks.BLOCK;
  }

  /** Encodes the centroids. */
  public static CentroidCodes of(
      MatrixKernel kernel, CoarseQuantizer coarse, ProductQuantizer pq, Metric metric) {
    int M = pq.M();
    int nlist = coarse.nlist();
    byte[] codes = new byte[nlist * M];
    kernel.encode(coarse.centroids(), 0, nlist, pq.codebooks(), M, pq.dsub(), codes);
    int blockBytes = CodeBlocks.blockBytes(M);
    byte[] blocks = new byte[blocks(nlist) * blockBytes];
    float[] decoded = new float[pq.d()];
    for (int list = 0; list < nlist; list++) {
      int block = list / CodeBlocks.BLOCK * blockBytes;
      int slot = list % CodeBlocks.BLOCK;
      if (slot == 0) {
        CodeBlocks.clear(blocks, block, M);
      }
      CodeBlocks.put(blocks, block, slot, codes, list * M, M);
      float norm = 0;
      if (!metric.isInnerProduct()) {
        pq.decode(codes, list * M, decoded);
        for (float value : decoded) {
          norm += value * value;
        }
      }
      CodeBlocks.putTerm(blocks, block, slot, norm, M);
    }
    return new CentroidCodes(pq, blocks);
  }
}
