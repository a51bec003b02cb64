// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.train;

import dev.ivfpq.kernel.Panels;
import dev.ivfpq.quant.CentroidCodes;
import dev.ivfpq.quant.CoarseQuantizer;
import dev.ivfpq.quant.Metric;
import dev.ivfpq.quant.Model;
import dev.ivfpq.quant.ProductQuantizer;
import dev.ivfpq.quant.RowReader;
import dev.ivfpq.quant.VectorTransform;
import dev.ivfpq.spec.Structure;
import dev.ivfpq.spec.TrainingSettings;
import java.io.IOException;
import java.util.SplittableRandom;
import org.apache.lucene.index.FloatVectorValues;

/**
 * Learns a model from a field's vectors: transform, then centroids among transformed vectors, then
 * codebooks of what is left.
 *
 * <p>Heap: at most {@value #MAX_SAMPLE_FLOATS} floats of sample at a time, about the same again for
 * the arithmetic, and the model.
 */
public final class ModelTrainer {
  /** Most floats of a sample, 128 MB. */
  private static final int MAX_SAMPLE_FLOATS = 1 << 25;

  /** Most vectors that a transform is learnt from, and most floats, 32 MB. */
  private static final int MAX_TRANSFORM_VECTORS = 16384;

  private static final int MAX_TRANSFORM_FLOATS = 1 << 23;

  /** Codebooks are learnt from 512 vectors per codeword; faiss takes 256. */
  private static final int CODEBOOK_VECTORS = 512 * ProductQuantizer.KSUB;

  private static final int PART = 1024;

  private final TrainingContext context;
  private final Metric metric;
  private final Structure structure;
  private final TrainingSettings settings;

  public ModelTrainer(
      TrainingContext context, Metric metric, Structure structure, TrainingSettings settings) {
    this.context = context;
    this.metric = metric;
    this.structure = structure;
    this.settings = settings;
  }

  /**
   * Trains a model with {@code nlist} lists.
   *
   * @param values raw vectors by ordinal; not read by anybody else meanwhile
   * @return null if the vectors cannot be told apart in float arithmetic, or overflow it: their
   *     variance is not a positive, finite number
   */
  public Model train(FloatVectorValues values, int nlist) throws IOException {
    SplittableRandom random = new SplittableRandom(settings.seed());
    int d = values.dimension();
    int n = values.size();

    VectorTransform raw = VectorTransform.identity(d, d);
    int transformVectors = Math.min(MAX_TRANSFORM_VECTORS, MAX_TRANSFORM_FLOATS / d);
    int[] ordinals = SampleOrdinals.draw(n, transformVectors, random);
    float[] x = read(values, raw, ordinals);
    if (!isUsable(x, ordinals.length, d)) {
      return null;
    }
    VectorTransform transform =
        new TransformTrainer(context, x, ordinals.length, d, metric, random).train(structure);

    int dOut = transform.dOut();
    long wanted = (long) nlist * settings.sampleVectorsPerList();
    int most = (int) Math.min(wanted, Math.max(nlist, MAX_SAMPLE_FLOATS / dOut));
    ordinals = SampleOrdinals.draw(n, Math.max(most, Math.min(n, CODEBOOK_VECTORS)), random);
    float[] y = read(values, transform, ordinals);
    CoarseQuantizer coarse = new KMeans(context, y, ordinals.length, dOut, nlist, random).train();
    boolean residual = structure.coding() == Structure.Coding.PQ_RESIDUAL;
    ProductQuantizer pq =
        structure.coding() == Structure.Coding.FLAT
            ? null
            : codebooks(coarse, y, ordinals.length, residual, random);
    return new Model(transform, coarse, centroidCodes(coarse, random), pq, residual);
  }

  private float[] read(FloatVectorValues values, VectorTransform transform, int[] ordinals)
      throws IOException {
    int dOut = transform.dOut();
    float[] y = new float[Math.multiplyExact(ordinals.length, dOut)];
    Panels rows = RowReader.pack(context.kernel(), transform);
    context.inParts(
        ordinals.length,
        PART,
        (from, to) -> {
          RowReader reader =
              new RowReader(context.kernel(), values.copy(), metric, transform, rows);
          float[] part = new float[(to - from) * dOut];
          reader.read(ordinals, from, to - from, part, new float[to - from]);
          System.arraycopy(part, 0, y, from * dOut, part.length);
        });
    return y;
  }

  private static boolean isUsable(float[] x, int n, int d) {
    double[] sums = new double[d];
    double squares = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        double value = x[i * d + j];
        sums[j] += value;
        squares += value * value;
      }
    }
    double variance = squares;
    for (double sum : sums) {
      variance -= sum * sum / n;
    }
    // Both limits leave room for products and their sums in float.
    return variance > squares * 1e-12 && variance / n > 1e-24 && squares / n < 1e30;
  }

  private CentroidCodes centroidCodes(CoarseQuantizer coarse, SplittableRandom random)
      throws IOException {
    int d = coarse.d();
    int nlist = coarse.nlist();
    if (!CentroidCodes.pay(nlist, d)) {
      return null;
    }
    ProductQuantizer pq =
        new CodebookTrainer(
                context, coarse.centroids(), nlist, d / CentroidCodes.DSUB, CentroidCodes.DSUB)
            .train(random);
    return CentroidCodes.of(context.kernel(), coarse, pq, metric);
  }

  private ProductQuantizer codebooks(
      CoarseQuantizer coarse, float[] y, int n, boolean residual, SplittableRandom random)
      throws IOException {
    int d = coarse.d();
    int M = structure.M() > 0 ? structure.M() : d == 1 ? 1 : d / 2;
    int[] chosen = SampleOrdinals.draw(n, CODEBOOK_VECTORS, random);
    float[] rows = new float[chosen.length * d];
    for (int i = 0; i < chosen.length; i++) {
      System.arraycopy(y, chosen[i] * d, rows, i * d, d);
    }
    if (residual) {
      subtractCentroids(coarse, rows, chosen.length);
    }
    return new CodebookTrainer(context, rows, chosen.length, M, d / M).train(random);
  }

  private void subtractCentroids(CoarseQuantizer coarse, float[] rows, int n) throws IOException {
    int d = coarse.d();
    int[] lists = context.lists(rows, n, coarse);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        rows[i * d + j] -= coarse.centroids()[lists[i] * d + j];
      }
    }
  }
}
