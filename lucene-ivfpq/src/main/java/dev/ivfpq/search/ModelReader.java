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
import java.io.IOException;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.RandomAccessInput;

/**
 * Prepares queries with a model that stays in its file; only its small parts are on the heap. Safe
 * for use by many threads.
 */
final class ModelReader {
  /** With squares below this no product or sum overflows, nor with those that training accepts. */
  private static final float LARGEST = 1e37f;

  /** Lists looked at exactly beyond those wanted, as their codes are not exact. */
  private static final int LEAST_SPARE = 32;

  /** Blocks scanned at once. */
  private static final int RUN = 8;

  /** Blocks of lists that tell how near the nearest ones will be. */
  private static final int SAMPLE = 2;

  /** Floats that may stay on the heap, 32 KB a field. */
  private static final int MOST_KEPT = 8192;

  private final IndexInput file;
  private final FieldMeta meta;
  private final FieldMeta.Lists lists;
  private final ModelLayout layout;

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
  }

  /**
   * Transforms the query, ranks the lists and makes the table; ARCHITECTURE.md, "One table per
   * query".
   *
   * @param target raw query (d), not modified
   * @param nprobe how many lists will be asked for, as far as is known
   * @return null if float arithmetic overflows on this query
   */
  PreparedQuery prepare(float[] target, int nprobe) throws IOException {
    Metric metric = meta.metric();
    MatrixKernel kernel = Kernels.matrix();
    float[] mean = this.mean != null ? this.mean : floats(layout.mean(), meta.d());
    float[] x = target.clone();
    if (metric.isNormalized()) {
      Metric.normalize(x, 0, x.length);
    }
    float meanProduct = 0;
    if (metric.isInnerProduct()) {
      for (int j = 0; j < x.length; j++) {
        meanProduct += x[j] * mean[j];
      }
    } else {
      for (int j = 0; j < x.length; j++) {
        x[j] -= mean[j];
      }
    }
    float[] y = transform(kernel, x);
    float norm = 0;
    for (float value : y) {
      norm += value * value;
    }
    if (!(norm < LARGEST && Math.abs(meanProduct) < LARGEST)) {
      return null;
    }
    // What the distances of all lists have in common.
    float common = metric.isInnerProduct() ? -meanProduct : norm;
    // One list more is looked at to know whether there is one.
    ListOrder order = order(kernel, y, common, nprobe + 1);
    return new PreparedQuery(order, lists.residual() ? Float.NaN : common, table(kernel, y));
  }

  private ListOrder order(MatrixKernel kernel, float[] y, float common, int wanted)
      throws IOException {
    int nlist = lists.nlist();
    int few = wanted + Math.max(LEAST_SPARE, wanted / 2);
    if (!lists.codedCentroids() || 2 * few > nlist) {
      return ListOrder.of(allKeys(kernel, y, common), wanted);
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
    return ListOrder.nearest(keys, wanted, nlist, () -> allKeys(kernel, y, common));
  }

  private long[] allKeys(MatrixKernel kernel, float[] y, float common) throws IOException {
    int nlist = lists.nlist();
    float[] products = new float[nlist];
    kernel.multiply(slice(layout.centroids(), layout.norms()), nlist, y.length, y, products);
    float[] norms = floats(layout.norms(), nlist);
    long[] keys = new long[nlist];
    for (int list = 0; list < nlist; list++) {
      keys[list] = DistanceKey.of(distance(common, norms[list], products[list]), list);
    }
    return keys;
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
   * A distance within which at least {@code few} lists are expected, told from the first ones: each
   * list that passes costs more than its share of a block.
   */
  private float likelyThreshold(BlockScanner scanner, float bias, int few) throws IOException {
    Survivors sample = new Survivors(SAMPLE * CodeBlocks.BLOCK);
    scanner.scan(0, SAMPLE, bias, Float.POSITIVE_INFINITY, null, sample);
    long[] keys = new long[sample.size];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = DistanceKey.of(sample.distances[i], i);
    }
    int within = (int) Math.ceil(1.5 * few * keys.length / lists.nlist());
    if (within >= keys.length) {
      return Float.POSITIVE_INFINITY;
    }
    Selection.least(keys, 0, keys.length, within);
    return DistanceKey.distance(keys[within]);
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

  private float[] transform(MatrixKernel kernel, float[] x) throws IOException {
    float[] y = new float[lists.dOut()];
    if (lists.rotated()) {
      kernel.multiply(slice(layout.rows(), layout.centroids()), y.length, x.length, x, y);
    } else {
      System.arraycopy(x, 0, y, 0, x.length);
    }
    return y;
  }

  private IndexInput slice(long from, long to) throws IOException {
    return file.slice("model part", lists.modelOffset() + from, to - from);
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
}
