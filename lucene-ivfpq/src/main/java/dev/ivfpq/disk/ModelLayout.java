// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.disk;

import dev.ivfpq.kernel.CodeBlocks;
import dev.ivfpq.kernel.Panels;
import dev.ivfpq.quant.CentroidCodes;
import dev.ivfpq.quant.ProductQuantizer;

/**
 * Where the parts of a field's model lie, as offsets from its start; each part is little-endian
 * floats and starts at a multiple of {@link FileNames#ALIGNMENT}. FORMAT.md, "Model".
 *
 * @param mean offset of the mean (d)
 * @param rows offset of the transform's rows (dOut, d), in {@link Panels}; a part of length 0 for
 *     the identity
 * @param centroids offset of the centroids (nlist, dOut): in {@link Panels}, or row by row where
 *     they have codes
 * @param norms offset of the centroids' squared norms (nlist)
 * @param centroidCodebooks offset of the centroids' codebooks (d' / 2, 2, 16); a part of length 0
 *     where they have no codes
 * @param centroidBlocks offset of the blocks with the centroids' codes; likewise
 * @param codebooks offset of the codebooks (M, dsub, 16); a part of length 0 without codes
 * @param length of the whole model in bytes
 */
public record ModelLayout(
    long mean,
    long rows,
    long centroids,
    long norms,
    long centroidCodebooks,
    long centroidBlocks,
    long codebooks,
    long length) {

  static ModelLayout of(
      int d, int dOut, boolean rotated, int nlist, boolean codedCentroids, boolean coded) {
    long mean = 0;
    long rows = after(mean, d);
    long centroids = after(rows, rotated ? Panels.storedFloats(dOut, d) : 0);
    long norms =
        after(centroids, codedCentroids ? (long) nlist * dOut : Panels.storedFloats(nlist, dOut));
    long codebookFloats = (long) dOut * ProductQuantizer.KSUB;
    long centroidCodebooks = after(norms, nlist);
    long centroidBlocks = after(centroidCodebooks, codedCentroids ? codebookFloats : 0);
    long codebooks =
        centroidBlocks
            + (codedCentroids
                ? (long) CentroidCodes.blocks(nlist)
                    * CodeBlocks.blockBytes(dOut / CentroidCodes.DSUB)
                : 0);
    long length = codebooks + (coded ? codebookFloats * Float.BYTES : 0);
    return new ModelLayout(
        mean, rows, centroids, norms, centroidCodebooks, centroidBlocks, codebooks, length);
  }

  private static long after(long offset, long floats) {
    long end = offset + floats * Float.BYTES;
    return (end + FileNames.ALIGNMENT - 1) / FileNames.ALIGNMENT * FileNames.ALIGNMENT;
  }
}
