// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel.panama;

import dev.ivfpq.kernel.MatrixKernel;
import dev.ivfpq.kernel.Panels;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.util.Constants;

/**
 * Matrix arithmetic in vectors of the machine's own width.
 *
 * <p>Products of packed rows are outer products, lanes over the rows of a panel:
 *
 * <pre>
 *             panel g       panel g + 1      a step in k: 2 loads, 4 broadcasts,
 * x_i        [sums 00]      [sums 01]        8 multiply-adds into accumulators that stay
 * x_i+1      [sums 10]      [sums 11]        in registers until k has reached cols
 * x_i+2      [sums 20]      [sums 21]
 * x_i+3      [sums 30]      [sums 31]
 * </pre>
 *
 * <p>Every sum runs over k in ascending order, whatever tile it is part of, so an output does not
 * depend on how the work was cut.
 *
 * <p>Sums across lanes are spelt out: {@code reduceLanes} adds floats in an order of its own,
 * another one in the interpreter than in compiled code.
 */
final class PanamaMatrix implements MatrixKernel {
  /** At most the 16 codewords of a sub-space. */
  private static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.length() <= 16
          ? FloatVector.SPECIES_PREFERRED
          : FloatVector.SPECIES_512;

  private static final int LANES = FLOATS.length();

  /** As many ints as {@link #FLOATS} has floats. */
  private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);

  /** A table's row in bytes. */
  private static final VectorSpecies<Byte> ROW = ByteVector.SPECIES_128;

  private static final VectorShuffle<Float> BY_HALF = rotation(LANES / 2);
  private static final VectorShuffle<Float> BY_QUARTER = rotation(LANES / 4);
  private static final VectorShuffle<Float> BY_EIGHTH = rotation(LANES / 8);
  private static final VectorShuffle<Float> BY_SIXTEENTH = rotation(LANES / 16);

  /** Rows of x in a tile. */
  private static final int TILE = 4;

  /** Floats of the panels that all rows of x pass over before the next ones: 128 KB, half an L2. */
  private static final int CHUNK = 32 * 1024;

  /** Bytes from one column of a stored panel to the next. */
  private static final int STEP = Panels.STORED_WIDTH * Float.BYTES;

  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfFloat FLOAT_LE =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LE);

  @Override
  public Panels pack(float[] rows, int count, int cols) {
    return Panels.of(rows, count, cols, LANES);
  }

  @Override
  public void multiply(float[] x, int xOffset, int n, Panels panels, float[] out, int outOffset) {
    int whole = panels.count() / LANES;
    int chunk = chunk(panels);
    for (int g = 0; g < whole; g += chunk) {
      int end = Math.min(whole, g + chunk);
      products(x, xOffset, n, panels, g, end, out, outOffset + g * LANES, panels.count());
    }
    int rest = panels.count() - whole * LANES;
    if (rest > 0) {
      float[] padded = new float[TILE * LANES];
      for (int i = 0; i < n; i += TILE) {
        int rows = Math.min(TILE, n - i);
        int xAt = xOffset + i * panels.cols();
        products(x, xAt, rows, panels, whole, whole + 1, padded, 0, LANES);
        for (int r = 0; r < rows; r++) {
          int outAt = outOffset + (i + r) * panels.count() + whole * LANES;
          System.arraycopy(padded, r * LANES, out, outAt, rest);
        }
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
    int groups = (panels.count() + LANES - 1) / LANES;
    float[] padded = Arrays.copyOf(biases, groups * LANES);
    Arrays.fill(padded, panels.count(), padded.length, Float.POSITIVE_INFINITY);
    Arrays.fill(nearest, outOffset, outOffset + n, 0);
    Arrays.fill(values, outOffset, outOffset + n, Float.POSITIVE_INFINITY);
    int chunk = chunk(panels);
    int stride = Math.min(groups, chunk) * LANES;
    float[] products = new float[TILE * stride];
    for (int g = 0; g < groups; g += chunk) {
      int end = Math.min(groups, g + chunk);
      for (int i = 0; i < n; i += TILE) {
        int rows = Math.min(TILE, n - i);
        int xAt = xOffset + i * panels.cols();
        products(x, xAt, rows, panels, g, end, products, 0, stride);
        for (int r = 0; r < rows; r++) {
          least(products, r * stride, padded, g, end, nearest, values, outOffset + i + r);
        }
      }
    }
  }

  /** Groups of the panels that fit in {@link #CHUNK}, an even number. */
  private static int chunk(Panels panels) {
    return Math.max(2, Math.min(CHUNK / (panels.cols() * LANES), 1024 / LANES) & ~1);
  }

  /**
   * Products of n rows of x with groups [g, end) of the panels.
   *
   * @param out (n, stride) from {@code outAt} on: the products with the groups side by side
   */
  private static void products(
      float[] x,
      int xAt,
      int n,
      Panels panels,
      int g,
      int end,
      float[] out,
      int outAt,
      int stride) {
    float[] values = panels.values();
    int cols = panels.cols();
    int i = 0;
    for (; i < n - 3; i += TILE) {
      int at = xAt + i * cols;
      int to = outAt + i * stride;
      int group = g;
      for (; group < end - 1; group += 2, to += 2 * LANES) {
        tile4x2(x, at, cols, values, group * cols * LANES, out, to, stride);
      }
      if (group < end) {
        tile4x1(x, at, cols, values, group * cols * LANES, out, to, stride);
      }
    }
    for (; i < n; i++) {
      int at = xAt + i * cols;
      int to = outAt + i * stride;
      int group = g;
      for (; group < end - 3; group += 4, to += 4 * LANES) {
        tile1x4(x, at, cols, values, group * cols * LANES, out, to);
      }
      for (; group < end; group++, to += LANES) {
        tile1x1(x, at, cols, values, group * cols * LANES, out, to);
      }
    }
  }

  private static void tile4x2(
      float[] x, int at, int cols, float[] values, int group, float[] out, int to, int stride) {
    FloatVector sum00 = FloatVector.zero(FLOATS);
    FloatVector sum01 = FloatVector.zero(FLOATS);
    FloatVector sum10 = FloatVector.zero(FLOATS);
    FloatVector sum11 = FloatVector.zero(FLOATS);
    FloatVector sum20 = FloatVector.zero(FLOATS);
    FloatVector sum21 = FloatVector.zero(FLOATS);
    FloatVector sum30 = FloatVector.zero(FLOATS);
    FloatVector sum31 = FloatVector.zero(FLOATS);
    int next = group + cols * LANES;
    for (int k = 0; k < cols; k++) {
      FloatVector panel0 = FloatVector.fromArray(FLOATS, values, group + k * LANES);
      FloatVector panel1 = FloatVector.fromArray(FLOATS, values, next + k * LANES);
      FloatVector x0 = FloatVector.broadcast(FLOATS, x[at + k]);
      sum00 = multiplyAdd(x0, panel0, sum00);
      sum01 = multiplyAdd(x0, panel1, sum01);
      FloatVector x1 = FloatVector.broadcast(FLOATS, x[at + cols + k]);
      sum10 = multiplyAdd(x1, panel0, sum10);
      sum11 = multiplyAdd(x1, panel1, sum11);
      FloatVector x2 = FloatVector.broadcast(FLOATS, x[at + 2 * cols + k]);
      sum20 = multiplyAdd(x2, panel0, sum20);
      sum21 = multiplyAdd(x2, panel1, sum21);
      FloatVector x3 = FloatVector.broadcast(FLOATS, x[at + 3 * cols + k]);
      sum30 = multiplyAdd(x3, panel0, sum30);
      sum31 = multiplyAdd(x3, panel1, sum31);
    }
    sum00.intoArray(out, to);
    sum01.intoArray(out, to + LANES);
    sum10.intoArray(out, to + stride);
    sum11.intoArray(out, to + stride + LANES);
    sum20.intoArray(out, to + 2 * stride);
    sum21.intoArray(out, to + 2 * stride + LANES);
    sum30.intoArray(out, to + 3 * stride);
    sum31.intoArray(out, to + 3 * stride + LANES);
  }

  private static void tile4x1(
      float[] x, int at, int cols, float[] values, int group, float[] out, int to, int stride) {
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = FloatVector.zero(FLOATS);
    FloatVector sum2 = FloatVector.zero(FLOATS);
    FloatVector sum3 = FloatVector.zero(FLOATS);
    for (int k = 0; k < cols; k++) {
      FloatVector panel = FloatVector.fromArray(FLOATS, values, group + k * LANES);
      sum0 = multiplyAdd(FloatVector.broadcast(FLOATS, x[at + k]), panel, sum0);
      sum1 = multiplyAdd(FloatVector.broadcast(FLOATS, x[at + cols + k]), panel, sum1);
      sum2 = multiplyAdd(FloatVector.broadcast(FLOATS, x[at + 2 * cols + k]), panel, sum2);
      sum3 = multiplyAdd(FloatVector.broadcast(FLOATS, x[at + 3 * cols + k]), panel, sum3);
    }
    sum0.intoArray(out, to);
    sum1.intoArray(out, to + stride);
    sum2.intoArray(out, to + 2 * stride);
    sum3.intoArray(out, to + 3 * stride);
  }

  /** Four panels, since a single sum would wait for its own last addition. */
  private static void tile1x4(
      float[] x, int at, int cols, float[] values, int group, float[] out, int to) {
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = FloatVector.zero(FLOATS);
    FloatVector sum2 = FloatVector.zero(FLOATS);
    FloatVector sum3 = FloatVector.zero(FLOATS);
    int size = cols * LANES;
    for (int k = 0; k < cols; k++) {
      FloatVector x0 = FloatVector.broadcast(FLOATS, x[at + k]);
      int from = group + k * LANES;
      sum0 = multiplyAdd(x0, FloatVector.fromArray(FLOATS, values, from), sum0);
      sum1 = multiplyAdd(x0, FloatVector.fromArray(FLOATS, values, from + size), sum1);
      sum2 = multiplyAdd(x0, FloatVector.fromArray(FLOATS, values, from + 2 * size), sum2);
      sum3 = multiplyAdd(x0, FloatVector.fromArray(FLOATS, values, from + 3 * size), sum3);
    }
    sum0.intoArray(out, to);
    sum1.intoArray(out, to + LANES);
    sum2.intoArray(out, to + 2 * LANES);
    sum3.intoArray(out, to + 3 * LANES);
  }

  private static void tile1x1(
      float[] x, int at, int cols, float[] values, int group, float[] out, int to) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int k = 0; k < cols; k++) {
      FloatVector panel = FloatVector.fromArray(FLOATS, values, group + k * LANES);
      sum = multiplyAdd(FloatVector.broadcast(FLOATS, x[at + k]), panel, sum);
    }
    sum.intoArray(out, to);
  }

  /**
   * Lowers {@code values[i]} to the least {@code biases[j] - 2 * product_j} of groups [g, end), if
   * it is above. The groups come in ascending order, so the lowest j stays among equals.
   */
  private static void least(
      float[] products,
      int productsAt,
      float[] biases,
      int g,
      int end,
      int[] nearest,
      float[] values,
      int i) {
    FloatVector least = FloatVector.broadcast(FLOATS, Float.POSITIVE_INFINITY);
    // Indexes as floats: they share the mask, and are exact up to the 2^24 that a chunk never has.
    FloatVector index = FloatVector.zero(FLOATS).addIndex(1);
    FloatVector leastIndex = index;
    int length = (end - g) * LANES;
    for (int j = 0; j < length; j += LANES) {
      FloatVector product = FloatVector.fromArray(FLOATS, products, productsAt + j);
      FloatVector value =
          FloatVector.fromArray(FLOATS, biases, g * LANES + j).sub(product.add(product));
      VectorMask<Float> less = value.lt(least);
      least = least.blend(value, less);
      leastIndex = leastIndex.blend(index, less);
      index = index.add(LANES);
    }
    float value = least.reduceLanes(VectorOperators.MIN);
    if (value < values[i]) {
      values[i] = value;
      float lowest = leastIndex.reduceLanes(VectorOperators.MIN, least.eq(value));
      nearest[i] = g * LANES + (int) lowest;
    }
  }

  @Override
  public void multiply(IndexInput panels, int rows, int cols, float[] x, int n, float[] out)
      throws IOException {
    InputMemory memory = new InputMemory(panels);
    int panelBytes = cols * STEP;
    int width = Panels.STORED_WIDTH;
    // Products with the panels at hand; those with padding rows are not copied.
    float[] products = new float[TILE * TILE * width];
    try {
      for (int j = 0; j < rows; j += TILE * width) {
        int count = Math.min(TILE, (rows - j + width - 1) / width);
        long at = memory.load((long) j / width * panelBytes, count * panelBytes);
        for (int i = 0; i < n; i += TILE) {
          int some = Math.min(TILE, n - i);
          products(memory.segment(), at, count, cols, x, i * cols, some, products);
          for (int r = 0; r < some; r++) {
            int length = Math.min(TILE * width, rows - j);
            System.arraycopy(products, r * TILE * width, out, (i + r) * rows + j, length);
          }
        }
      }
    } catch (IllegalStateException e) {
      throw InputMemory.closed(e);
    }
  }

  /**
   * Products of at most {@link #TILE} panels and x. A tile that reaches beyond the last strip takes
   * that once more: its time is that of the sums, which wait for their own last addition.
   *
   * @param out (TILE, TILE * STORED_WIDTH)
   */
  private static void products(
      MemorySegment panels, long at, int count, int cols, float[] x, int xAt, int n, float[] out) {
    int stride = TILE * Panels.STORED_WIDTH;
    int last = count * Panels.STORED_WIDTH / LANES - 1;
    if (n == TILE) {
      for (int s = 0; s <= last; s += 2) {
        long strip0 = strip(at, s, cols);
        long strip1 = strip(at, Math.min(s + 1, last), cols);
        tile4x2(x, xAt, cols, panels, strip0, strip1, out, s * LANES, stride);
      }
      return;
    }
    for (int i = 0; i < n; i++) {
      for (int s = 0; s <= last; s += 4) {
        long strip0 = strip(at, s, cols);
        long strip1 = strip(at, Math.min(s + 1, last), cols);
        long strip2 = strip(at, Math.min(s + 2, last), cols);
        long strip3 = strip(at, Math.min(s + 3, last), cols);
        int to = i * stride + s * LANES;
        tile1x4(x, xAt + i * cols, cols, panels, strip0, strip1, strip2, strip3, out, to);
      }
    }
  }

  /** Where strip s of the panels begins: as many rows as there are lanes. */
  private static long strip(long at, int s, int cols) {
    int inPanel = Panels.STORED_WIDTH / LANES;
    return at + (long) (s / inPanel) * cols * STEP + (long) (s % inPanel) * LANES * Float.BYTES;
  }

  private static FloatVector load(MemorySegment panels, long strip, int k) {
    return FloatVector.fromMemorySegment(FLOATS, panels, strip + (long) k * STEP, LE);
  }

  private static void tile4x2(
      float[] x,
      int at,
      int cols,
      MemorySegment panels,
      long strip0,
      long strip1,
      float[] out,
      int to,
      int stride) {
    FloatVector sum00 = FloatVector.zero(FLOATS);
    FloatVector sum01 = FloatVector.zero(FLOATS);
    FloatVector sum10 = FloatVector.zero(FLOATS);
    FloatVector sum11 = FloatVector.zero(FLOATS);
    FloatVector sum20 = FloatVector.zero(FLOATS);
    FloatVector sum21 = FloatVector.zero(FLOATS);
    FloatVector sum30 = FloatVector.zero(FLOATS);
    FloatVector sum31 = FloatVector.zero(FLOATS);
    for (int k = 0; k < cols; k++) {
      FloatVector panel0 = load(panels, strip0, k);
      FloatVector panel1 = load(panels, strip1, k);
      FloatVector x0 = FloatVector.broadcast(FLOATS, x[at + k]);
      sum00 = multiplyAdd(x0, panel0, sum00);
      sum01 = multiplyAdd(x0, panel1, sum01);
      FloatVector x1 = FloatVector.broadcast(FLOATS, x[at + cols + k]);
      sum10 = multiplyAdd(x1, panel0, sum10);
      sum11 = multiplyAdd(x1, panel1, sum11);
      FloatVector x2 = FloatVector.broadcast(FLOATS, x[at + 2 * cols + k]);
      sum20 = multiplyAdd(x2, panel0, sum20);
      sum21 = multiplyAdd(x2, panel1, sum21);
      FloatVector x3 = FloatVector.broadcast(FLOATS, x[at + 3 * cols + k]);
      sum30 = multiplyAdd(x3, panel0, sum30);
      sum31 = multiplyAdd(x3, panel1, sum31);
    }
    sum00.intoArray(out, to);
    sum01.intoArray(out, to + LANES);
    sum10.intoArray(out, to + stride);
    sum11.intoArray(out, to + stride + LANES);
    sum20.intoArray(out, to + 2 * stride);
    sum21.intoArray(out, to + 2 * stride + LANES);
    sum30.intoArray(out, to + 3 * stride);
    sum31.intoArray(out, to + 3 * stride + LANES);
  }

  private static void tile1x4(
      float[] x,
      int at,
      int cols,
      MemorySegment panels,
      long strip0,
      long strip1,
      long strip2,
      long strip3,
      float[] out,
      int to) {
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = FloatVector.zero(FLOATS);
    FloatVector sum2 = FloatVector.zero(FLOATS);
    FloatVector sum3 = FloatVector.zero(FLOATS);
    for (int k = 0; k < cols; k++) {
      FloatVector x0 = FloatVector.broadcast(FLOATS, x[at + k]);
      sum0 = multiplyAdd(x0, load(panels, strip0, k), sum0);
      sum1 = multiplyAdd(x0, load(panels, strip1, k), sum1);
      sum2 = multiplyAdd(x0, load(panels, strip2, k), sum2);
      sum3 = multiplyAdd(x0, load(panels, strip3, k), sum3);
    }
    sum0.intoArray(out, to);
    sum1.intoArray(out, to + LANES);
    sum2.intoArray(out, to + 2 * LANES);
    sum3.intoArray(out, to + 3 * LANES);
  }

  @Override
  public void multiply(IndexInput matrix, int[] chosen, int cols, float[] x, float[] out)
      throws IOException {
    InputMemory memory = new InputMemory(matrix);
    int rowBytes = cols * Float.BYTES;
    try {
      for (int i = 0; i < chosen.length; i++) {
        long at = memory.load((long) chosen[i] * rowBytes, rowBytes);
        out[i] = dot(memory.segment(), at, cols, x);
      }
    } catch (IllegalStateException e) {
      throw InputMemory.closed(e);
    }
  }

  private static float dot(MemorySegment row, long at, int cols, float[] x) {
    FloatVector sum = FloatVector.zero(FLOATS);
    int whole = FLOATS.loopBound(cols);
    for (int k = 0; k < whole; k += LANES) {
      FloatVector x0 = FloatVector.fromArray(FLOATS, x, k);
      long from = at + k * Float.BYTES;
      sum = multiplyAdd(x0, FloatVector.fromMemorySegment(FLOATS, row, from, LE), sum);
    }
    return sum(sum) + tail(row, at, whole, cols, x);
  }

  /** The part of a dot product that does not fill a vector. */
  private static float tail(MemorySegment row, long at, int from, int cols, float[] x) {
    float sum = 0;
    for (int k = from; k < cols; k++) {
      sum += row.get(FLOAT_LE, at + k * Float.BYTES) * x[k];
    }
    return sum;
  }

  /** Sum of the lanes, halves first. */
  private static float sum(FloatVector v) {
    FloatVector sum = v.add(v.rearrange(BY_HALF));
    sum = sum.add(sum.rearrange(BY_QUARTER));
    if (LANES > 4) {
      sum = sum.add(sum.rearrange(BY_EIGHTH));
    }
    if (LANES > 8) {
      sum = sum.add(sum.rearrange(BY_SIXTEENTH));
    }
    return sum.lane(0);
  }

  private static VectorShuffle<Float> rotation(int by) {
    return VectorShuffle.fromOp(FLOATS, lane -> (lane + by) % LANES);
  }

  @Override
  public void encode(
      float[] x, int xOffset, int n, float[] codebooks, int M, int dsub, byte[] codes) {
    int d = M * dsub;
    float[] columns = new float[d * LANES];
    float[] code = new float[LANES];
    for (int i = 0; i < n; i += LANES) {
      int vectors = Math.min(LANES, n - i);
      for (int l = 0; l < vectors; l++) {
        int at = xOffset + (i + l) * d;
        for (int k = 0; k < d; k++) {
          columns[k * LANES + l] = x[at + k];
        }
      }
      for (int m = 0; m < M; m++) {
        encode(columns, m * dsub, codebooks, dsub).intoArray(code, 0);
        for (int l = 0; l < vectors; l++) {
          codes[(i + l) * M + m] = (byte) code[l];
        }
      }
    }
  }

  /**
   * Codes of as many vectors as there are lanes, in one sub-space.
   *
   * @param columns (d, LANES): the vectors side by side
   * @param first first dimension of the sub-space
   */
  private static FloatVector encode(float[] columns, int first, float[] codebooks, int dsub) {
    FloatVector least = FloatVector.broadcast(FLOATS, Float.POSITIVE_INFINITY);
    FloatVector code = FloatVector.zero(FLOATS);
    for (int c = 0; c < 16; c++) {
      FloatVector distance = FloatVector.zero(FLOATS);
      for (int k = first; k < first + dsub; k++) {
        FloatVector difference =
            FloatVector.fromArray(FLOATS, columns, k * LANES).sub(codebooks[k * 16 + c]);
        distance = multiplyAdd(difference, difference, distance);
      }
      VectorMask<Float> less = distance.lt(least);
      least = least.blend(distance, less);
      code = code.blend(c, less);
    }
    return code;
  }

  @Override
  public void lut(float[] codebooks, int M, int dsub, float[] y, float factor, float[] lut) {
    for (int m = 0; m < M; m++) {
      for (int c = 0; c < 16; c += LANES) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int k = m * dsub; k < (m + 1) * dsub; k++) {
          FloatVector codewords = FloatVector.fromArray(FLOATS, codebooks, k * 16 + c);
          sum = multiplyAdd(FloatVector.broadcast(FLOATS, y[k]), codewords, sum);
        }
        sum.mul(factor).intoArray(lut, m * 16 + c);
      }
    }
  }

  @Override
  public void ranges(float[] lut, int M, float[] least, float[] greatest) {
    for (int m = 0; m < M; m++) {
      FloatVector low = FloatVector.fromArray(FLOATS, lut, m * 16);
      FloatVector high = low;
      for (int c = LANES; c < 16; c += LANES) {
        FloatVector entries = FloatVector.fromArray(FLOATS, lut, m * 16 + c);
        low = low.min(entries);
        high = high.max(entries);
      }
      least[m] = low.reduceLanes(VectorOperators.MIN);
      greatest[m] = high.reduceLanes(VectorOperators.MAX);
    }
  }

  @Override
  public void quantize(float[] lut, int M, float[] least, float units, byte[] table) {
    if (LANES == 16) {
      for (int m = 0; m < M; m++) {
        Vector<Byte> row =
            entries(lut, m * 16, least[m], units).convertShape(VectorOperators.F2B, ROW, 0);
        ((ByteVector) row).intoArray(table, m * 16);
      }
      return;
    }
    int[] row = new int[16];
    for (int m = 0; m < M; m++) {
      for (int c = 0; c < 16; c += LANES) {
        Vector<Integer> entries =
            entries(lut, m * 16 + c, least[m], units).convertShape(VectorOperators.F2I, INTS, 0);
        ((IntVector) entries).intoArray(row, c);
      }
      for (int c = 0; c < 16; c++) {
        table[m * 16 + c] = (byte) row[c];
      }
    }
  }

  /** Not by fma: the scalar kernel rounds the product. */
  private static FloatVector entries(float[] lut, int at, float least, float units) {
    return FloatVector.fromArray(FLOATS, lut, at).sub(least).mul(units).add(0.5f);
  }

  /** {@code a * b + sum}, fused only where the machine has an instruction for it. */
  private static FloatVector multiplyAdd(FloatVector a, FloatVector b, FloatVector sum) {
    return Constants.HAS_FAST_VECTOR_FMA ? a.fma(b, sum) : a.mul(b).add(sum);
  }
}
