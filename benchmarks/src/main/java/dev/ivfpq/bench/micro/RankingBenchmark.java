// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

import dev.ivfpq.kernel.BlockScanner;
import dev.ivfpq.kernel.CodeBlocks;
import dev.ivfpq.kernel.FastScanKernel;
import dev.ivfpq.kernel.Kernels;
import dev.ivfpq.kernel.MatrixKernel;
import dev.ivfpq.kernel.Panels;
import dev.ivfpq.kernel.Survivors;
import dev.ivfpq.quant.CentroidCodes;
import dev.ivfpq.quant.CoarseQuantizer;
import dev.ivfpq.quant.Metric;
import dev.ivfpq.quant.ProductQuantizer;
import dev.ivfpq.quant.QuantizedLut;
import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.store.IndexInput;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Lists ranked by their centroids' squared distances from a rotated query, written out here as the
 * search does it: centroids stay in their file, the norms behind them are read. An operation is one
 * query.
 */
@State(Scope.Thread)
public class RankingBenchmark {
  private static final int D_OUT = 128;

  /** Name of the arithmetic. */
  @Param({MatrixKernels.SCALAR, MatrixKernels.PANAMA})
  public String matrix;

  /** Number of lists. */
  @Param({"256", "1024", "4096"})
  public int nlist;

  private MatrixKernel kernel;
  private MappedFile file;
  private float[] y;
  private float norm;
  private MappedFile blocks;
  private QuantizedLut lut;
  private BlockScanner scanner;
  private float threshold;
  private Survivors survivors;

  /** Writes centroids and norms, and the centroids' codes. */
  @Setup
  public void open() throws IOException, InterruptedException {
    kernel = MatrixKernels.named(matrix);
    float[] centroids = RandomFloats.of(nlist * D_OUT, 1);
    CoarseQuantizer coarse = CoarseQuantizer.of(centroids, D_OUT);
    float[] panels = Panels.of(centroids, nlist, D_OUT, Panels.STORED_WIDTH).values();
    float[] withNorms = Arrays.copyOf(panels, panels.length + nlist);
    System.arraycopy(coarse.norms(), 0, withNorms, panels.length, nlist);
    file = MappedFile.of(withNorms);
    y = RandomFloats.of(D_OUT, 2);
    norm = (float) FloatCheck.dot(y, 0, y, 0, D_OUT);
    float[] distances = distances();
    for (int list = 0; list < nlist; list++) {
      double expected = FloatCheck.squaredDistance(centroids, list * D_OUT, y, 0, D_OUT);
      FloatCheck.close("distance of list", list, expected, distances[list]);
    }
    openCodes(coarse, distances);
  }

  private void openCodes(CoarseQuantizer coarse, float[] distances)
      throws IOException, InterruptedException {
    float[] books = RandomFloats.of(D_OUT * ProductQuantizer.KSUB, 3);
    ProductQuantizer pq =
        new ProductQuantizer(books, D_OUT / CentroidCodes.DSUB, CentroidCodes.DSUB);
    CentroidCodes codes = CentroidCodes.of(kernel, coarse, pq, Metric.EUCLIDEAN);
    blocks = MappedFile.of(out -> out.writeBytes(codes.blocks(), codes.blocks().length));
    float[] table = new float[pq.M() * ProductQuantizer.KSUB];
    kernel.lut(books, pq.M(), pq.dsub(), y, -2, table);
    lut = QuantizedLut.of(kernel, table, pq.M());
    float[] sorted = distances.clone();
    Arrays.sort(sorted);
    threshold = sorted[nlist / 8];
    survivors = new Survivors(CentroidCodes.blocks(nlist) * CodeBlocks.BLOCK);
    scanner = scanner(Kernels.fastScan("scalar"));
    Survivors expected = codes();
    int[] positions = Arrays.copyOf(expected.positions, expected.size);
    scanner = scanner(Kernels.awaitFastScan());
    Survivors actual = codes();
    if (!Arrays.equals(positions, Arrays.copyOf(actual.positions, actual.size))) {
      throw new IllegalStateException("other lists than by the scalar kernel");
    }
  }

  private BlockScanner scanner(FastScanKernel scan) {
    return scan.scanner(blocks.input(), D_OUT / CentroidCodes.DSUB, lut.table(), lut.scale());
  }

  /** Unmaps the centroids. */
  @TearDown
  public void close() throws IOException {
    file.close();
    blocks.close();
  }

  /** The distances. */
  @Benchmark
  public float[] distances() throws IOException {
    float[] products = new float[nlist];
    kernel.multiply(file.input(), nlist, D_OUT, y, 1, products);
    IndexInput input = file.input();
    input.seek(input.length() - (long) nlist * Float.BYTES);
    float[] distances = new float[nlist];
    input.readFloats(distances, 0, nlist);
    for (int list = 0; list < nlist; list++) {
      distances[list] = Math.max(0, norm + distances[list] - 2 * products[list]);
    }
    return distances;
  }

  /** The centroids' codes scanned with a threshold that about an eighth passes. */
  @Benchmark
  public Survivors codes() throws IOException {
    survivors.size = 0;
    scanner.scan(0, CentroidCodes.blocks(nlist), norm + lut.bias(), threshold, null, survivors);
    return survivors;
  }
}
