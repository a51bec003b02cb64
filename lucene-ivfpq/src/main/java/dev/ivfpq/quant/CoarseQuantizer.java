// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.quant;

/**
 * The nlist centroids that define the lists.
 *
 * @param centroids (nlist, d) row-major
 * @param norms squared norm of each centroid (nlist)
 * @param d width of a rotated vector
 */
public record CoarseQuantizer(float[] centroids, float[] norms, int d) {

  public static CoarseQuantizer of(float[] centroids, int d) {
    float[] norms = new float[centroids.length / d];
    for (int list = 0; list < norms.length; list++) {
      double sum = 0;
      for (int j = list * d; j < (list + 1) * d; j++) {
        sum += (double) centroids[j] * centroids[j];
      }
      norms[list] = (float) sum;
    }
    return new CoarseQuantizer(centroids, norms, d);
  }

  public int nlist() {
    return norms.length;
  }
}
