// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.quant;

/**
 * The linear map in front of lists and codes: {@code y = R (x - mean)}, R with orthonormal rows.
 *
 * <p>Without rows R is the identity, and y is x - mean followed by zeros where {@code dOut > d}.
 *
 * @param mean (d)
 * @param rows R (dOut, d) row-major, or null for the identity
 * @param d width of x
 * @param dOut width of y
 */
public record VectorTransform(float[] mean, float[] rows, int d, int dOut) {

  /** y = x, widened by zeros to {@code dOut}. */
  public static VectorTransform identity(int d, int dOut) {
    return new VectorTransform(new float[d], null, d, dOut);
  }

  public boolean isIdentity() {
    return rows == null;
  }

  /**
   * {@code R mean} (dOut), what an inner product with the mean becomes among rotated vectors; all
   * zero for the identity's zero mean.
   */
  public float[] rotatedMean() {
    float[] rotated = new float[dOut];
    if (rows == null) {
      System.arraycopy(mean, 0, rotated, 0, d);
      return rotated;
    }
    for (int i = 0; i < dOut; i++) {
      double sum = 0;
      for (int j = 0; j < d; j++) {
        sum += (double) rows[i * d + j] * mean[j];
      }
      rotated[i] = (float) sum;
    }
    return rotated;
  }
}
