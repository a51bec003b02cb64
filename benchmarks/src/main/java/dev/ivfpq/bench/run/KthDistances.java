// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import dev.ivfpq.bench.data.VectorRows;
import dev.ivfpq.bench.data.VectorSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How far the true k-th neighbour of each query is, by computing every distance.
 *
 * <p>A hit is right if it is at most that far, whichever of equally far vectors it is: real voices
 * hold exact duplicates.
 */
public final class KthDistances {
  /** Relative; for the rounding of Lucene's scores. */
  private static final double TOLERANCE = 1e-6;

  /** Candidates beyond k that single precision may have put in the wrong order. */
  private static final int SPARE = 20;

  /** Rows read at a time, so that the base need not be in memory. */
  private static final int BLOCK = 4096;

  /** Rows that stay in a core's cache while a group of queries passes over them. */
  private static final int ROWS = 256;

  private static final int QUERIES = 64;

  private final VectorSet queries;
  private final Distance distance;
  private final int k;
  private final double[] kth;

  private KthDistances(VectorSet queries, Distance distance, int k, double[] kth) {
    this.queries = queries;
    this.distance = distance;
    this.k = k;
    this.kth = kth;
  }

  /**
   * Computes them on all cores, reading the base once.
   *
   * @param k at most the number of base vectors
   */
  public static KthDistances compute(VectorRows base, VectorSet queries, Distance distance, int k)
      throws IOException {
    Nearest[] nearest = new Nearest[queries.size()];
    Arrays.setAll(nearest, i -> new Nearest(Math.min(base.size(), k + SPARE)));
    int groups = Math.ceilDiv(queries.size(), QUERIES);
    for (int from = 0; from < base.size(); from += BLOCK) {
      int first = from;
      float[][] rows = base.rows(from, Math.min(BLOCK, base.size() - from));
      IntStream.range(0, groups)
          .parallel()
          .forEach(group -> offer(nearest, group * QUERIES, queries, rows, first, distance));
    }
    double[] kth = new double[queries.size()];
    for (int query = 0; query < kth.length; query++) {
      kth[query] = kth(base, nearest[query].rows(), queries.rows()[query], distance, k);
    }
    return new KthDistances(queries, distance, k, kth);
  }

  /**
   * Offers a block of rows to a group of queries.
   *
   * @param firstQuery of the group
   * @param firstRow number of the block's first row
   */
  private static void offer(
      Nearest[] nearest,
      int firstQuery,
      VectorSet queries,
      float[][] rows,
      int firstRow,
      Distance distance) {
    int lastQuery = Math.min(nearest.length, firstQuery + QUERIES);
    for (int from = 0; from < rows.length; from += ROWS) {
      int to = Math.min(rows.length, from + ROWS);
      for (int query = firstQuery; query < lastQuery; query++) {
        float[] target = queries.rows()[query];
        for (int row = from; row < to; row++) {
          nearest[query].offer(firstRow + row, distance.quick(target, rows[row]));
        }
      }
    }
  }

  private static double kth(
      VectorRows base, int[] candidates, float[] target, Distance distance, int k)
      throws IOException {
    double[] exact = new double[candidates.length];
    for (int i = 0; i < exact.length; i++) {
      exact[i] = distance.exact(target, base.row(candidates[i]));
    }
    Arrays.sort(exact);
    return exact[k - 1];
  }

  /**
   * Those kept in {@code folder} for these very inputs, or computed and put there.
   *
   * @throws IllegalArgumentException if queries have other dimensions than the base, or it has less
   *     than k vectors
   * @throws IOException if reading or writing fails
   */
  public static KthDistances cached(
      Path folder, VectorRows base, VectorSet queries, Distance distance, int k)
      throws IOException {
    queries.checkSearchable(base.dims());
    if (base.size() < k) {
      throw new IllegalArgumentException(
          "k=" + k + " neighbours of " + base.size() + " vectors; give a smaller k");
    }
    String inputs =
        VectorRows.fingerprint("truth 1 " + distance + " " + k, base, VectorRows.of(queries));
    Path file = folder.resolve("truth-" + inputs.substring(0, 16) + ".bin");
    long bytes = (long) queries.size() * Double.BYTES;
    if (Files.exists(file) && Files.size(file) == bytes) {
      double[] kth = new double[queries.size()];
      ByteBuffer.wrap(Files.readAllBytes(file)).asDoubleBuffer().get(kth);
      return new KthDistances(queries, distance, k, kth);
    }
    KthDistances computed = compute(base, queries, distance, k);
    ByteBuffer buffer = ByteBuffer.allocate((int) bytes);
    buffer.asDoubleBuffer().put(computed.kth);
    Path part = folder.resolve(file.getFileName() + ".part");
    Files.write(part, buffer.array());
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    return computed;
  }

  /** Neighbours asked for. */
  public int k() {
    return k;
  }

  /** The queries these are of. */
  public VectorSet queries() {
    return queries;
  }

  /** Exact distance of each query's k-th neighbour. */
  double[] all() {
    return kth;
  }

  /** Whether a vector, indexed or not, is at most as far as the k-th neighbour of a query. */
  public boolean isNeighbour(int query, float[] vector) {
    double limit = kth[query] + Math.abs(kth[query]) * TOLERANCE;
    return distance.exact(queries.rows()[query], vector) <= limit;
  }
}
