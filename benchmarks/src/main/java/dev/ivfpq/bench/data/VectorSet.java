// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.data;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Vectors in memory.
 *
 * @param rows (n, d), at least one, all of one length; owned by this set
 */
public record VectorSet(float[][] rows) {
  /** Number of vectors. */
  public int size() {
    return rows.length;
  }

  /** Dimensions of each. */
  public int dims() {
    return rows[0].length;
  }

  /** The first {@code n} vectors, or all if there are fewer. */
  public VectorSet first(int n) {
    return new VectorSet(Arrays.copyOf(rows, Math.min(n, rows.length)));
  }

  /**
   * The same directions at length 1.
   *
   * @throws IllegalArgumentException naming the first vector that has no direction
   */
  public VectorSet normalized() {
    float[][] units = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      double squares = 0;
      for (float value : rows[i]) {
        squares += (double) value * value;
      }
      if (squares == 0) {
        throw new IllegalArgumentException(
            "row " + i + " is all zeros and cannot have length 1; remove it or choose euclidean");
      }
      float[] unit = rows[i].clone();
      double scale = 1 / Math.sqrt(squares);
      for (int j = 0; j < unit.length; j++) {
        unit[j] = (float) (unit[j] * scale);
      }
      units[i] = unit;
    }
    return new VectorSet(units);
  }

  /** Puts size, dimensions and all values into {@code digest}. */
  void digest(MessageDigest digest) {
    digest.update(ByteBuffer.allocate(8).putInt(size()).putInt(dims()).flip());
    ByteBuffer bytes = ByteBuffer.allocate(dims() * Float.BYTES);
    FloatBuffer floats = bytes.asFloatBuffer();
    for (float[] row : rows) {
      floats.clear().put(row);
      digest.update(bytes.clear());
    }
  }

  /** SHA-256 of several sets and of {@code settings}, in hexadecimal digits. */
  public static String fingerprint(String settings, VectorSet... sets) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(settings.getBytes(StandardCharsets.UTF_8));
      for (VectorSet set : sets) {
        set.digest(digest);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /**
   * Checks that vectors can be searched for among these.
   *
   * @throws IllegalArgumentException if they have other dimensions
   */
  public void checkQueries(VectorSet queries) {
    if (queries.dims() != dims()) {
      throw new IllegalArgumentException(
          "queries have "
              + queries.dims()
              + " dims, the base has "
              + dims()
              + "; give queries of the same kind");
    }
  }
}
