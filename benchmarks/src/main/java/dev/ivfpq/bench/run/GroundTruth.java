// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import dev.ivfpq.bench.data.VectorSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.lucene.search.ScoreDoc;

/**
 * How far the true k-th neighbour of each query is, by computing every distance.
 *
 * <p>A hit is right if it is at most that far, whichever of equally far vectors it is: real voices
 * hold exact duplicates.
 */
public final class GroundTruth {
  /** Relative; for the rounding of Lucene's scores. */
  private static final double TOLERANCE = 1e-6;

  /** Candidates beyond k that single precision may have put in the wrong order. */
  private static final int SPARE = 20;

  /** Rows that stay in a core's cache while a group of queries passes over them. */
  private static final int ROWS = 256;

  private static final int QUERIES = 64;

  private final VectorSet base;
  private final VectorSet queries;
  private final Distance distance;
  private final int k;
  private final double[] kth;

  private GroundTruth(VectorSet base, VectorSet queries, Distance distance, int k, double[] kth) {
    this.base = base;
    this.queries = queries;
    this.distance = distance;
    this.k = k;
    this.kth = kth;
  }

  /**
   * Computes the truth on all cores.
   *
   * @param k at most the number of base vectors
   */
  public static GroundTruth compute(VectorSet base, VectorSet queries, Distance distance, int k) {
    double[] kth = new double[queries.size()];
    IntStream.range(0, Math.ceilDiv(queries.size(), QUERIES))
        .parallel()
        .forEach(group -> fill(kth, group * QUERIES, base, queries, distance, k));
    return new GroundTruth(base, queries, distance, k, kth);
  }

  private static void fill(
      double[] kth, int from, VectorSet base, VectorSet queries, Distance distance, int k) {
    int to = Math.min(queries.size(), from + QUERIES);
    Nearest[] nearest = new Nearest[to - from];
    Arrays.setAll(nearest, i -> new Nearest(Math.min(base.size(), k + SPARE)));
    for (int block = 0; block < base.size(); block += ROWS) {
      int end = Math.min(base.size(), block + ROWS);
      for (int query = from; query < to; query++) {
        for (int row = block; row < end; row++) {
          nearest[query - from].offer(row, distance.quick(queries.rows()[query], base.rows()[row]));
        }
      }
    }
    for (int query = from; query < to; query++) {
      float[] target = queries.rows()[query];
      kth[query] =
          Arrays.stream(nearest[query - from].rows())
              .mapToDouble(row -> distance.exact(target, base.rows()[row]))
              .sorted()
              .toArray()[k - 1];
    }
  }

  /**
   * The truth kept in {@code folder} for these very inputs, or computed and put there.
   *
   * @throws IllegalArgumentException if queries have other dimensions than the base, or it has less
   *     than k vectors
   * @throws IOException if reading or writing fails
   */
  public static GroundTruth cached(
      Path folder, VectorSet base, VectorSet queries, Distance distance, int k) throws IOException {
    base.checkQueries(queries);
    if (base.size() < k) {
      throw new IllegalArgumentException(
          "k=" + k + " neighbours of " + base.size() + " vectors; give a smaller k");
    }
    String inputs = VectorSet.fingerprint("truth 1 " + distance + " " + k, base, queries);
    Path file = folder.resolve("truth-" + inputs.substring(0, 16) + ".bin");
    long bytes = (long) queries.size() * Double.BYTES;
    if (Files.exists(file) && Files.size(file) == bytes) {
      double[] kth = new double[queries.size()];
      ByteBuffer.wrap(Files.readAllBytes(file)).asDoubleBuffer().get(kth);
      return new GroundTruth(base, queries, distance, k, kth);
    }
    GroundTruth truth = compute(base, queries, distance, k);
    ByteBuffer buffer = ByteBuffer.allocate((int) bytes);
    buffer.asDoubleBuffer().put(truth.kth);
    Path part = folder.resolve(file.getFileName() + ".part");
    Files.write(part, buffer.array());
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    return truth;
  }

  /** Neighbours asked for. */
  public int k() {
    return k;
  }

  /** Exact distance of each query's k-th neighbour. */
  double[] kth() {
    return kth;
  }

  /** The vectors among which the neighbours are. */
  public VectorSet base() {
    return base;
  }

  /** The queries this is the truth of. */
  public VectorSet queries() {
    return queries;
  }

  /** Whether a vector, indexed or not, is at most as far as the k-th neighbour of a query. */
  public boolean isNeighbour(int query, float[] vector) {
    return distance.exact(queries.rows()[query], vector) <= limit(query);
  }

  private double limit(int query) {
    return kth[query] + Math.abs(kth[query]) * TOLERANCE;
  }

  /** How many of {@code hits} are true neighbours of query number {@code query}. */
  public int right(int query, ScoreDoc[] hits) {
    int right = 0;
    for (ScoreDoc hit : hits) {
      if (isNeighbour(query, base.rows()[hit.doc])) {
        right++;
      }
    }
    return right;
  }
}
