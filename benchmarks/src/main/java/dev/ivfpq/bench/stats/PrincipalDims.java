// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.stats;

import dev.ivfpq.bench.data.VectorSet;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.CommonOps_MT_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/** How many principal directions hold so much of the variance. */
final class PrincipalDims {
  /** Percents of the variance that are looked at. */
  private static final int[] PERCENTS = {50, 80, 90, 95, 99};

  /** Vectors that the covariance is taken of; more change nothing that shows. */
  private static final int SAMPLE = 20_000;

  private PrincipalDims() {}

  /**
   * Directions, widest first, that hold 50, 80, 90, 95 and 99 % of the variance, by percent.
   *
   * @throws IllegalArgumentException if all vectors are equal
   */
  static Map<Integer, Integer> of(VectorSet set) {
    double[] variances = variances(centred(Spread.over(set, SAMPLE)));
    double sum = Arrays.stream(variances).sum();
    if (!(sum > 0)) {
      throw new IllegalArgumentException("all vectors of the base are equal; give others");
    }
    Map<Integer, Integer> dims = new TreeMap<>();
    for (int percent : PERCENTS) {
      int count = 0;
      for (double held = 0; held < sum * percent / 100 && count < variances.length; count++) {
        held += variances[count];
      }
      dims.put(percent, count);
    }
    return dims;
  }

  private static DMatrixRMaj centred(float[][] rows) {
    int d = rows[0].length;
    DMatrixRMaj matrix = new DMatrixRMaj(rows.length, d);
    double[] sum = new double[d];
    for (float[] row : rows) {
      for (int j = 0; j < d; j++) {
        sum[j] += row[j];
      }
    }
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < d; j++) {
        // The sum of equal floats is exact, and leaves no variance behind.
        matrix.set(i, j, rows[i][j] - sum[j] / rows.length);
      }
    }
    return matrix;
  }

  /** Eigenvalues of the covariance, greatest first. */
  private static double[] variances(DMatrixRMaj centred) {
    int d = centred.getNumCols();
    DMatrixRMaj covariance = new DMatrixRMaj(d, d);
    CommonOps_MT_DDRM.multTransA(centred, centred, covariance);
    CommonOps_DDRM.divide(covariance, centred.getNumRows());
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(d, false, true);
    if (!eigen.decompose(covariance)) {
      throw new IllegalArgumentException(
          "the variances of the base cannot be computed; look for huge values in it");
    }
    double[] ascending = new double[d];
    Arrays.setAll(ascending, i -> Math.max(0, eigen.getEigenvalue(i).getReal()));
    Arrays.sort(ascending);
    double[] variances = new double[d];
    Arrays.setAll(variances, i -> ascending[d - 1 - i]);
    return variances;
  }
}
