// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel;

import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.store.IndexInput;

/**
 * Matrix arithmetic in plain loops. The inner loops run over neighbouring outputs, so that the
 * compiler can vectorize them without changing the order of any sum.
 */
public final class ScalarMatrix implements MatrixKernel {

  /** Long enough an inner loop to vectorize, and its outputs stay in the first-level cache. */
  private static final int WIDTH = 256;

  @Override
  public Panels pack(float[] rows, int count, int cols) {
    return Panels.of(rows, count, cols, Math.max(1, Math.min(count, WIDTH)));
  }

  @Override
  public void multiply(float[] x, int xOffset, int n, Panels panels, float[] out, int outOffset) {
    int width = panels.width();
    int groupFloats = panels.cols() * width;
    for (int j = 0, group = 0; j < panels.count(); j += width, group += groupFloats) {
      int filled = Math.min(width, panels.count() - j);
      for (int i = 0; i < n; i++) {
        int outAt = outOffset + i * panels.count() + j;
        products(x, xOffset + i * panels.cols(), panels, group, filled, out, outAt);
      }
    }
  }

  @Override
  public void nearest(
      float[] x,
      int xOffset,
      int n,
      Panels panels,
      float[] biases,
      int[] nearest,
      float[] values,
      int outOffset) {
    Arrays.fill(nearest, outOffset, outOffset + n, 0);
    Arrays.fill(values, outOffset, outOffset + n, Float.POSITIVE_INFINITY);
    int width = panels.width();
    int groupFloats = panels.cols() * width;
    float[] products = new float[width];
    for (int j = 0, group = 0; j < panels.count(); j += width, group += groupFloats) {
      int filled = Math.min(width, panels.count() - j);
      for (int i = 0; i < n; i++) {
        products(x, xOffset + i * panels.cols(), panels, group, filled, products, 0);
        for (int l = 0; l < filled; l++) {
          float value = biases[j + l] - 2 * products[l];
          if (value < values[outOffset + i]) {
            values[outOffset + i] = value;
            nearest[outOffset + i] = j + l;
          }
        }
      }
    }
  }

  /**
   * Products of one x with the first {@code filled} rows of the group that starts at {@code group}.
   */
  private static void products(
      float[] x, int xAt, Panels panels, int group, int filled, float[] out, int outAt) {
    Arrays.fill(out, outAt, outAt + filled, 0);
    float[] values = panels.values();
    for (int k = 0; k < panels.cols(); k++) {
      float factor = x[xAt + k];
      int at = group + k * panels.width();
      for (int l = 0; l < filled; l++) {
        out[outAt + l] += factor * values[at + l];
      }
    }
  }

  @Override
  public void multiply(IndexInput panels, int rows, int cols, float[] x, int n, float[] out)
      throws IOException {
    int width = Panels.STORED_WIDTH;
    float[] panel = new float[width * cols];
    panels.seek(0);
    for (int j = 0; j < rows; j += width) {
      panels.readFloats(panel, 0, panel.length);
      Panels one = new Panels(panel, width, cols, width);
      for (int i = 0; i < n; i++) {
        products(x, i * cols, one, 0, Math.min(width, rows - j), out, i * rows + j);
      }
    }
  }

  @Override
  public void multiply(IndexInput matrix, int[] chosen, int cols, float[] x, float[] out)
      throws IOException {
    float[] row = new float[cols];
    for (int i = 0; i < chosen.length; i++) {
      matrix.seek((long) chosen[i] * cols * Float.BYTES);
      matrix.readFloats(row, 0, cols);
      out[i] = dot(row, x, cols);
    }
  }

  /** Four sums, since an addition waits for the one before it. */
  private static float dot(float[] row, float[] x, int cols) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int k = 0;
    for (; k < cols - 3; k += 4) {
      sum0 += row[k] * x[k];
      sum1 += row[k + 1] * x[k + 1];
      sum2 += row[k + 2] * x[k + 2];
      sum3 += row[k + 3] * x[k + 3];
    }
    for (; k < cols; k++) {
      sum0 += row[k] * x[k];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  @Override
  public void encode(
      float[] x, int xOffset, int n, float[] codebooks, int M, int dsub, byte[] codes) {
    float[] distances = new float[16];
    for (int i = 0; i < n; i++) {
      for (int m = 0; m < M; m++) {
        Arrays.fill(distances, 0);
        for (int k = 0; k < dsub; k++) {
          float value = x[xOffset + (i * M + m) * dsub + k];
          int codewords = (m * dsub + k) * 16;
          for (int c = 0; c < 16; c++) {
            float difference = value - codebooks[codewords + c];
            distances[c] += difference * difference;
          }
        }
        int code = 0;
        for (int c = 1; c < 16; c++) {
          if (distances[c] < distances[code]) {
            code = c;
          }
        }
        codes[i * M + m] = (byte) code;
      }
    }
  }

  @Override
  public void lut(float[] codebooks, int M, int dsub, float[] y, float factor, float[] lut) {
    for (int m = 0; m < M; m++) {
      Arrays.fill(lut, m * 16, m * 16 + 16, 0);
      for (int k = 0; k < dsub; k++) {
        float value = y[m * dsub + k];
        int codewords = (m * dsub + k) * 16;
        for (int c = 0; c < 16; c++) {
          lut[m * 16 + c] += value * codebooks[codewords + c];
        }
      }
      for (int c = 0; c < 16; c++) {
        lut[m * 16 + c] *= factor;
      }
    }
  }

  @Override
  public void ranges(float[] lut, int M, float[] least, float[] greatest) {
    for (int m = 0; m < M; m++) {
      float low = lut[m * 16];
      float high = low;
      for (int i = m * 16 + 1; i < m * 16 + 16; i++) {
        low = Math.min(low, lut[i]);
        high = Math.max(high, lut[i]);
      }
      least[m] = low;
      greatest[m] = high;
    }
  }

  @Override
  public void quantize(float[] lut, int M, float[] least, float units, byte[] table) {
    for (int m = 0; m < M; m++) {
      for (int i = m * 16; i < m * 16 + 16; i++) {
        table[i] = (byte) ((lut[i] - least[m]) * units + 0.5f);
      }
    }
  }
}
