// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.disk.ModelLayout;
import dev.ivfpq.kernel.BlockScanner;
import dev.ivfpq.kernel.CodeBlocks;
import dev.ivfpq.kernel.Kernels;
import dev.ivfpq.kernel.MatrixKernel;
import dev.ivfpq.kernel.Survivors;
import dev.ivfpq.quant.CentroidCodes;
import dev.ivfpq.quant.Metric;
import dev.ivfpq.quant.ProductQuantizer;
import dev.ivfpq.quant.QuantizedLut;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.RandomAccessInput;

/**
 * Prepares queries with a model that stays in its file; only its small parts are on the heap. Safe
 * for use by many threads.
 */
final class ModelReader implements Closeable {
  /** With squares below this no product or sum overflows, nor with those that training accepts. */
  private static final float LARGEST = 1e37f;

  /** Lists looked at exactly beyond those wanted, as their codes are not exact. */
  private static final int LEAST_SPARE = 32;

  /** Blocks scanned at once. */
  private static final int RUN = 8;

  /** Floats that may stay on the heap, 32 KB a field. */
  private static final int MOST_KEPT = 8192;

  private final IndexInput file;
  private final FieldMeta meta;
  private final FieldMeta.Lists lists;
  private final ModelLayout layout;
  private final PreparedQueries known;

  /** Mean, codebooks, codebooks of the centroids: each null where all are too large to be kept. */
  private final float[] mean;

  private final float[] codebooks;
  private final float[] centroidCodebooks;

  /**
   * @param file the segment's model file; not moved
   */
  ModelReader(IndexInput file, FieldMeta meta) throws IOException {
    this.file = file;
    this.meta = meta;
    this.lists = meta.lists();
    this.layout = lists.modelLayout(meta.d());
    int books = lists.dOut() * ProductQuantizer.KSUB;
    boolean kept = meta.d() + 2 * books <= MOST_KEPT;
    this.mean = kept ? floats(layout.mean(), meta.d()) : null;
    this.codebooks = kept && lists.M() > 0 ? floats(layout.codebooks(), books) : null;
    this.centroidCodebooks =
        kept && lists.codedCentroids() ? floats(layout.centroidCodebooks(), books) : null;
    this.known = PreparedQueries.open(meta);
  }

  /**
   * Transforms the queries, ranks the lists and makes the tables, or takes them from another
   * segment that shares the model.
   *
   * @param targets raw queries (d), not modified
   * @param nprobe how many lists will be asked for, as far as is known
   * @return null for each query on which float arithmetic overflows
   */
  PreparedQuery[] prepare(List<float[]> targets, int nprobe) throws IOException {
    if (!known.areShared()) {
      return compute(targets, nprobe);
    }
    PreparedQuery[] queries = new PreparedQuery[targets.size()];
    List<float[]> unknown = new ArrayList<>();
    for (int i = 0; i < queries.length; i++) {
      queries[i] = known.get(targets.get(i), nprobe);
      if (queries[i] == null) {
        unknown.add(targets.get(i));
      }
    }
    PreparedQuery[] computed = compute(unknown, nprobe);
    int next = 0;
    for (int i = 0; i < queries.length; i++) {
      if (queries[i] == null) {
        queries[i] = computed[next++];
        if (queries[i] == null) {
          continue;
        }
        known.put(targets.get(i), nprobe, queries[i]);
      }
      queries[i] = again(queries[i]);
    }
    return queries;
  }

  /** A query for this segment that was prepared for another one. */
  private PreparedQuery again(PreparedQuery query) {
    // Another segment's file may be closed any time.
    ListOrder order =
        lists.codedCentroids()
            ? query
                .order()
                .copy(() -> distances(products(Kernels.matrix(), query.y(), 1), 0, query.common()))
            : query.order().copy();
    return query.with(order);
  }

  /**
   * Transforms the queries, ranks the lists and makes the tables; ARCHITECTURE.md, "One table per
   * query".
   */
  PreparedQuery[] compute(List<float[]> targets, int nprobe) throws IOException {
    if (targets.isEmpty()) {
      return new PreparedQuery[0];
    }
    MatrixKernel kernel = Kernels.matrix();
    float[] mean = this.mean != null ? this.mean : floats(layout.mean(), meta.d());
    int n = targets.size();
    int d = meta.d();
    int dOut = lists.dOut();
    float[] xs = new float[n * d];
    float[] meanProducts = new float[n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(targets.get(i), 0, xs, i * d, d);
      meanProducts[i] = centre(xs, i * d, mean);
    }
    float[] ys = transform(kernel, xs, n);
    float[] products = lists.codedCentroids() ? null : products(kernel, ys, n);
    PreparedQuery[] prepared = new PreparedQuery[n];
    for (int i = 0; i < n; i++) {
      float[] y = n == 1 ? ys : Arrays.copyOfRange(ys, i * dOut, (i + 1) * dOut);
      prepared[i] = prepare(kernel, y, meanProducts[i], products, i, nprobe);
    }
    return prepared;
  }

  /** Normalizes and centres x as the metric wants it; returns its product with the mean, or 0. */
  private float centre(float[] x, int at, float[] mean) {
    if (meta.metric().isNormalized()) {
      Metric.normalize(x, at, mean.length);
    }
    float meanProduct = 0;
    if (meta.metric().isInnerProduct()) {
      for (int j = 0; j < mean.length; j++) {
        meanProduct += x[at + j] * mean[j];
      }
    } else {
      for (int j = 0; j < mean.length; j++) {
        x[at + j] -= mean[j];
      }
    }
    return meanProduct;
  }

  /**
   * @param products of the query and those beside it with all centroids (n, nlist); null where
   *     these have codes
   */
  private PreparedQuery prepare(
      MatrixKernel kernel, float[] y, float meanProduct, float[] products, int i, int nprobe)
      throws IOException {
    float norm = 0;
    for (float value : y) {
      norm += value * value;
    }
    if (!(norm < LARGEST && Math.abs(meanProduct) < LARGEST)) {
      return null;
    }
    // What the distances of all lists have in common.
    float common = meta.metric().isInnerProduct() ? -meanProduct : norm;
    // One list more is looked at to know whether there is one.
    int wanted = nprobe + 1;
    ListOrder order =
        products != null
            ? ListOrder.of(distances(products, i * lists.nlist(), common), wanted)
            : orderByCode(kernel, y, common, wanted);
    return new PreparedQuery(order, y, common, lists.residual(), table(kernel, y));
  }

  /** Ranks the lists by their centroids' codes and computes distances to the nearest few. */
  private ListOrder orderByCode(MatrixKernel kernel, float[] y, float common, int wanted)
      throws IOException {
    int nlist = lists.nlist();
    int few = wanted + Math.max(LEAST_SPARE, wanted / 2);
    if (2 * few > nlist) {
      return ListOrder.of(distances(products(kernel, y, 1), 0, common), wanted);
    }
    int[] nearest = nearestByCode(kernel, y, few);
    float[] products = new float[nearest.length];
    kernel.multiply(slice(layout.centroids(), layout.norms()), nearest, y.length, y, products);
    RandomAccessInput norms = randomAccess(layout.norms(), nlist);
    long[] keys = new long[nearest.length];
    for (int i = 0; i < keys.length; i++) {
      float own = Float.intBitsToFloat(norms.readInt((long) nearest[i] * Float.BYTES));
      keys[i] = DistanceKey.of(distance(common, own, products[i]), nearest[i]);
    }
    return ListOrder.nearest(
        keys, wanted, nlist, () -> distances(products(kernel, y, 1), 0, common));
  }

  /** Products of n rotated queries with all centroids (n, nlist). */
  private float[] products(MatrixKernel kernel, float[] ys, int n) throws IOException {
    int nlist = lists.nlist();
    float[] products = new float[n * nlist];
    IndexInput centroids = slice(layout.centroids(), layout.norms());
    if (lists.codedCentroids()) {
      int[] all = new int[nlist];
      Arrays.setAll(all, list -> list);
      kernel.multiply(centroids, all, lists.dOut(), ys, products);
    } else {
      kernel.multiply(centroids, nlist, lists.dOut(), ys, n, products);
    }
    return products;
  }

  /** Distances of all lists, from their products. */
  private float[] distances(float[] products, int at, float common) throws IOException {
    int nlist = lists.nlist();
    float[] norms = meta.metric().isInnerProduct() ? null : floats(layout.norms(), nlist);
    float[] distances = new float[nlist];
    for (int list = 0; list < nlist; list++) {
      float product = products[at + list];
      distances[list] = distance(common, norms == null ? 0 : norms[list], product);
    }
    return distances;
  }

  private float distance(float common, float centroidNorm, float product) {
    return meta.metric().isInnerProduct()
        ? common - product
        : Math.max(0, common + centroidNorm - 2 * product);
  }

  /** The lists whose centroids are nearest by their codes, about {@code few}, in no order. */
  private int[] nearestByCode(MatrixKernel kernel, float[] y, int few) throws IOException {
    int M = y.length / CentroidCodes.DSUB;
    QuantizedLut lut = lut(kernel, y, centroidCodebooks, layout.centroidCodebooks(), M);
    IndexInput blocks = slice(layout.centroidBlocks(), layout.codebooks());
    BlockScanner scanner = Kernels.fastScan().scanner(blocks, M, lut.table(), lut.scale());
    CandidateReservoir candidates =
        new CandidateReservoir(few, likelyThreshold(scanner, lut.bias(), few));
    Survivors survivors = new Survivors(RUN * CodeBlocks.BLOCK);
    int count = CentroidCodes.blocks(lists.nlist());
    for (int block = 0; block < count; block += RUN) {
      survivors.size = 0;
      scanner.scan(
          block, Math.min(RUN, count - block), lut.bias(), candidates.threshold(), null, survivors);
      candidates.accept(block * CodeBlocks.BLOCK, survivors);
    }
    return candidates.slots();
  }

  /**
   * What is told from the first lists: each one that passes costs more than its share of a block.
   */
  private float likelyThreshold(BlockScanner scanner, float bias, int few) throws IOException {
    Survivors sample = new Survivors(ListOrder.SAMPLE);
    int blocks = ListOrder.SAMPLE / CodeBlocks.BLOCK;
    scanner.scan(0, blocks, bias, Float.POSITIVE_INFINITY, null, sample);
    return ListOrder.likelyThreshold(sample.distances, sample.size, few, lists.nlist());
  }

  private QuantizedLut table(MatrixKernel kernel, float[] y) throws IOException {
    return lists.M() == 0 ? null : lut(kernel, y, codebooks, layout.codebooks(), lists.M());
  }

  /**
   * @param kept the codebooks, or null to read them
   */
  private QuantizedLut lut(MatrixKernel kernel, float[] y, float[] kept, long offset, int M)
      throws IOException {
    float factor = meta.metric().isInnerProduct() ? -1 : -2;
    float[] lut = new float[M * ProductQuantizer.KSUB];
    float[] books = kept != null ? kept : floats(offset, y.length * ProductQuantizer.KSUB);
    kernel.lut(books, M, y.length / M, y, factor, lut);
    return QuantizedLut.of(kernel, lut, M);
  }

  private float[] transform(MatrixKernel kernel, float[] xs, int n) throws IOException {
    int d = meta.d();
    float[] ys = new float[n * lists.dOut()];
    if (lists.rotated()) {
      kernel.multiply(slice(layout.rows(), layout.centroids()), lists.dOut(), d, xs, n, ys);
    } else {
      for (int i = 0; i < n; i++) {
        System.arraycopy(xs, i * d, ys, i * lists.dOut(), d);
      }
    }
    return ys;
  }

  /** Without a description: to put one together takes longer than the slice. */
  private IndexInput slice(long from, long to) throws IOException {
    return file.slice(null, lists.modelOffset() + from, to - from);
  }

  private RandomAccessInput randomAccess(long from, int floats) throws IOException {
    return file.randomAccessSlice(lists.modelOffset() + from, (long) floats * Float.BYTES);
  }

  private float[] floats(long from, int count) throws IOException {
    IndexInput part = slice(from, from + (long) count * Float.BYTES);
    float[] floats = new float[count];
    part.readFloats(floats, 0, count);
    return floats;
  }

  @Override
  public void close() {
    known.close();
  }
}
