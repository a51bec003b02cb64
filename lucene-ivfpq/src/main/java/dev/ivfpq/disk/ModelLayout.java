// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.disk;

import dev.ivfpq.quant.ProductQuantizer;

/**
 * Where the parts of a field's model lie, as offsets from its start; each part is little-endian
 * floats and starts at a multiple of {@link FileNames#ALIGNMENT}. FORMAT.md, "Model".
 *
 * @param mean offset of the mean (d)
 * @param rows offset of the transform's rows (dOut, d); a part of length 0 for the identity
 * @param centroids offset of the centroids (nlist, dOut)
 * @param norms offset of the centroids' squared norms (nlist)
 * @param codebooks offset of the codebooks (M, dsub, 16); a part of length 0 without codes
 * @param length of the whole model in bytes
 */
public record ModelLayout(
    long mean, long rows, long centroids, long norms, long codebooks, long length) {

  static ModelLayout of(int d, int dOut, boolean rotated, int nlist, boolean coded) {
    long mean = 0;
    long rows = after(mean, d);
    long centroids = after(rows, rotated ? (long) dOut * d : 0);
    long norms = after(centroids, (long) nlist * dOut);
    long codebooks = after(norms, nlist);
    long codebookFloats = coded ? (long) dOut * ProductQuantizer.KSUB : 0;
    return new ModelLayout(
        mean, rows, centroids, norms, codebooks, codebooks + codebookFloats * Float.BYTES);
  }

  private static long after(long offset, long floats) {
    long end = offset + floats * Float.BYTES;
    return (end + FileNames.ALIGNMENT - 1) / FileNames.ALIGNMENT * FileNames.ALIGNMENT;
  }
}
