// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.disk.ModelLayout;
import dev.ivfpq.kernel.Kernels;
import dev.ivfpq.kernel.MatrixKernel;
import dev.ivfpq.quant.Metric;
import dev.ivfpq.quant.ProductQuantizer;
import dev.ivfpq.quant.QuantizedLut;
import java.io.IOException;
import org.apache.lucene.store.IndexInput;

/** Prepares queries with a model that stays in its file. Serves one search. */
final class ModelReader {
  private final IndexInput file;
  private final FieldMeta meta;
  private final FieldMeta.Lists lists;
  private final ModelLayout layout;
  private final MatrixKernel kernel;

  /**
   * @param file the segment's model file; not moved
   */
  ModelReader(IndexInput file, FieldMeta meta) {
    this.file = file;
    this.meta = meta;
    this.lists = meta.lists();
    this.layout = lists.modelLayout(meta.d());
    this.kernel = Kernels.matrix();
  }

  /**
   * Transforms the query, ranks the lists and makes the table; ARCHITECTURE.md, "One table per
   * query".
   *
   * @param target raw query (d), not modified
   * @return null if float arithmetic overflows on this query
   */
  PreparedQuery prepare(float[] target) throws IOException {
    Metric metric = meta.metric();
    float[] mean = floats(layout.mean(), meta.d());
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
    float[] y = transform(x);
    float norm = 0;
    for (float value : y) {
      norm += value * value;
    }
    float[] products = new float[lists.nlist()];
    kernel.multiply(
        slice(layout.centroids(), layout.norms()), lists.nlist(), y.length, y, products);
    float[] distances =
        metric.isInnerProduct()
            ? innerProductDistances(products, meanProduct)
            : squaredDistances(products, norm);
    if (!Float.isFinite(norm) || !Float.isFinite(meanProduct) || !allFinite(distances)) {
      return null;
    }
    return withTable(y, distances, metric.isInnerProduct() ? -meanProduct : norm);
  }

  /**
   * @param direct what estimates have in common where codes are of the vectors themselves
   */
  private PreparedQuery withTable(float[] y, float[] distances, float direct) throws IOException {
    int M = lists.M();
    if (M == 0) {
      return new PreparedQuery(distances, distances, null);
    }
    float factor = meta.metric().isInnerProduct() ? -1 : -2;
    float[] lut = new float[M * ProductQuantizer.KSUB];
    float[] codebooks = floats(layout.codebooks(), y.length * ProductQuantizer.KSUB);
    kernel.lut(codebooks, M, y.length / M, y, factor, lut);
    QuantizedLut quantized = QuantizedLut.of(lut, M);
    float[] bases = new float[distances.length];
    for (int list = 0; list < bases.length; list++) {
      bases[list] = (lists.residual() ? distances[list] : direct) + quantized.bias();
    }
    return new PreparedQuery(distances, bases, quantized);
  }

  private float[] transform(float[] x) throws IOException {
    float[] y = new float[lists.dOut()];
    if (lists.rotated()) {
      kernel.multiply(slice(layout.rows(), layout.centroids()), y.length, x.length, x, y);
    } else {
      System.arraycopy(x, 0, y, 0, x.length);
    }
    return y;
  }

  private float[] squaredDistances(float[] products, float norm) throws IOException {
    float[] distances = floats(layout.norms(), products.length);
    for (int list = 0; list < distances.length; list++) {
      distances[list] = Math.max(0, norm + distances[list] - 2 * products[list]);
    }
    return distances;
  }

  private static float[] innerProductDistances(float[] products, float meanProduct) {
    float[] distances = new float[products.length];
    for (int list = 0; list < distances.length; list++) {
      distances[list] = -(meanProduct + products[list]);
    }
    return distances;
  }

  private static boolean allFinite(float[] values) {
    float sum = 0;
    for (float value : values) {
      sum += value * 0;
    }
    return sum == 0;
  }

  private IndexInput slice(long from, long to) throws IOException {
    return file.slice("model part", lists.modelOffset() + from, to - from);
  }

  private float[] floats(long from, int count) throws IOException {
    IndexInput part = slice(from, from + (long) count * Float.BYTES);
    float[] floats = new float[count];
    part.readFloats(floats, 0, count);
    return floats;
  }
}
