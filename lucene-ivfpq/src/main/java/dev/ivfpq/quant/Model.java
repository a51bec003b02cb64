// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.quant;

/**
 * Everything training learns about one field: what maps a vector to a list and a code.
 *
 * @param transform applied first
 * @param coarse the lists' centroids, among transformed vectors
 * @param centroidCodes codes of the centroids, or null where there are too few to pay
 * @param pq codebooks, or null where the lists hold ordinals only
 * @param residual whether codes are of the vector minus its centroid, else of the vector itself
 */
public record Model(
    VectorTransform transform,
    CoarseQuantizer coarse,
    CentroidCodes centroidCodes,
    ProductQuantizer pq,
    boolean residual) {

  /** Bytes of its floats. */
  public long bytes() {
    long floats = transform.mean().length + (long) coarse.centroids().length;
    if (!transform.isIdentity()) {
      floats += transform.rows().length;
    }
    if (pq != null) {
      floats += pq.codebooks().length;
    }
    return floats * Float.BYTES;
  }
}
