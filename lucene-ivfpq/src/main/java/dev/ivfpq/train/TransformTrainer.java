// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.train;

import dev.ivfpq.kernel.Panels;
import dev.ivfpq.quant.Metric;
import dev.ivfpq.quant.ProductQuantizer;
import dev.ivfpq.quant.VectorTransform;
import dev.ivfpq.spec.Structure;
import java.io.IOException;
import java.util.SplittableRandom;

/** Learns the linear map in front of lists and codes that a structure asks for. */
public final class TransformTrainer {
  /** Share of the variance that the default rotation keeps under a squared L2 distance. */
  private static final double KEPT_VARIANCE = 0.85;

  /** Under an inner product, where what is dropped of query and vector is missed by its sign. */
  private static final double KEPT_VARIANCE_INNER_PRODUCT = 0.95;

  /**
   * Where more than half of the dimensions are needed for this share, the default does not rotate.
   */
  private static final double ROTATED_VARIANCE = 0.90;

  /** The default's number of dimensions is a multiple of this, full vectors for every kernel. */
  private static final int DIMS_STEP = 32;

  private static final int OPQ_ITERATIONS = 10;
  private static final int OPQ_CODEBOOK_ITERATIONS = 3;
  private static final int POLAR_ITERATIONS = 30;

  private final TrainingContext context;
  private final double keptVariance;
  private final SplittableRandom random;
  private final float[] x;
  private final int n;
  private final int d;

  /**
   * @param x raw sample (n, d), normalized where the metric asks for it; overwritten
   */
  public TransformTrainer(
      TrainingContext context, float[] x, int n, int d, Metric metric, SplittableRandom random) {
    this.context = context;
    this.keptVariance = metric.isInnerProduct() ? KEPT_VARIANCE_INNER_PRODUCT : KEPT_VARIANCE;
    this.x = x;
    this.n = n;
    this.d = d;
    this.random = random;
  }

  /** The transform that {@code structure} asks for. */
  public VectorTransform train(Structure structure) throws IOException {
    int dims = structure.rotationDims() > 0 ? structure.rotationDims() : d;
    return switch (structure.rotation()) {
      case NONE -> VectorTransform.identity(d, d);
      case AUTO -> widestAxes();
      case PCAR -> randomlyRotatedAxes(dims);
      case OPQ -> opq(structure.M(), dims);
    };
  }

  /**
   * The principal axes that hold most of the variance, or centring alone where they are too many. A
   * quarter of the dimensions is tried first, which is enough for speech and images: if they hold
   * the share to keep, half of them hold the larger one, since variances descend.
   */
  private VectorTransform widestAxes() throws IOException {
    int half = d / 2 / DIMS_STEP * DIMS_STEP;
    int quarter = (d / 4 + DIMS_STEP - 1) / DIMS_STEP * DIMS_STEP;
    if (half == 0) {
      return centred(PrincipalAxes.centre(x, n, d));
    }
    PrincipalAxes axes = PrincipalAxes.of(context, x, n, d, Math.min(half, quarter), random);
    if (axes.axesHolding(keptVariance) <= axes.variances().length) {
      return rotated(axes);
    }
    float[] mean = axes.mean();
    axes = PrincipalAxes.of(context, x, n, d, half, random);
    // x was centred by the first call, which alone knows its mean.
    axes = new PrincipalAxes(mean, axes.axes(), axes.variances(), axes.totalVariance());
    return axes.axesHolding(ROTATED_VARIANCE) <= half ? rotated(axes) : centred(mean);
  }

  private VectorTransform rotated(PrincipalAxes axes) {
    int needed = Math.min(axes.axesHolding(keptVariance), axes.variances().length);
    int dims = (needed + DIMS_STEP - 1) / DIMS_STEP * DIMS_STEP;
    return new VectorTransform(axes.mean(), axes.widest(dims), d, dims);
  }

  private VectorTransform centred(float[] mean) {
    return new VectorTransform(mean, null, d, even(d));
  }

  /** Two dimensions a sub-space: an odd width gets one more, always zero; a single one stays. */
  private static int even(int d) {
    return d == 1 ? 1 : (d + 1) / 2 * 2;
  }

  private VectorTransform randomlyRotatedAxes(int dims) throws IOException {
    PrincipalAxes axes = PrincipalAxes.of(context, x, n, d, dims, random);
    float[] rotation = new float[dims * dims];
    for (int i = 0; i < rotation.length; i++) {
      rotation[i] = (float) random.nextGaussian();
    }
    Orthonormal.rows(rotation, dims, dims, random);
    float[] rows = product(rotation, dims, transposed(axes.axes(), dims, d), d, dims);
    return new VectorTransform(axes.mean(), rows, d, dims);
  }

  /**
   * OPQ (Ge et al., "Optimized Product Quantization", CVPR 2013): starts from principal axes dealt
   * out so that sub-spaces have equal products of variances (section 3.3), then alternates
   * codebooks and the rotation that best maps the vectors on their decoded codes (section 3.2).
   */
  private VectorTransform opq(int M, int dims) throws IOException {
    float[] raw = x.clone();
    PrincipalAxes axes = PrincipalAxes.of(context, x, n, d, dims, random);
    float[] rows = dealtOut(axes, M, dims);
    float[] rawColumns = transposed(raw, n, d);
    Panels columns = context.kernel().pack(rawColumns, d, n);
    ProductQuantizer pq = null;
    for (int iteration = 0; iteration < OPQ_ITERATIONS; iteration++) {
      float[] y = product(raw, n, rows, dims, d);
      CodebookTrainer trainer = new CodebookTrainer(context, y, n, M, dims / M);
      pq =
          pq == null
              ? trainer.train(random)
              : trainer.refine(pq.codebooks(), OPQ_CODEBOOK_ITERATIONS);
      byte[] codes = trainer.encode(pq.codebooks());
      float[] decoded = new float[n * dims];
      float[] vector = new float[dims];
      for (int i = 0; i < n; i++) {
        pq.decode(codes, i * M, vector);
        for (int j = 0; j < dims; j++) {
          decoded[j * n + i] = vector[j];
        }
      }
      float[] cross = new float[dims * d];
      context.multiply(decoded, dims, columns, cross);
      rows = polarFactor(cross, dims);
    }
    return new VectorTransform(new float[d], rows, d, dims);
  }

  /**
   * Axes in the order of sub-spaces, each axis given to the sub-space with the least product so
   * far.
   */
  private float[] dealtOut(PrincipalAxes axes, int M, int dims) {
    int dsub = dims / M;
    double[] logs = new double[M];
    int[] filled = new int[M];
    float[] rows = new float[dims * d];
    for (int axis = 0; axis < dims; axis++) {
      int least = -1;
      for (int m = 0; m < M; m++) {
        if (filled[m] < dsub && (least < 0 || logs[m] < logs[least])) {
          least = m;
        }
      }
      logs[least] += Math.log(Math.max(axes.variances()[axis], Double.MIN_NORMAL)) + 1e3;
      System.arraycopy(axes.axes(), axis * d, rows, (least * dsub + filled[least]++) * d, d);
    }
    return rows;
  }

  /**
   * The nearest matrix with orthonormal rows, by Newton-Schulz iterations (Higham, Functions of
   * Matrices, section 8.3); Gram-Schmidt removes what they leave.
   */
  private float[] polarFactor(float[] cross, int dims) throws IOException {
    double squares = 0;
    for (float value : cross) {
      squares += (double) value * value;
    }
    float[] rows = cross;
    if (squares > 0) {
      float factor = (float) (1 / Math.sqrt(squares));
      for (int i = 0; i < rows.length; i++) {
        rows[i] *= factor;
      }
      for (int iteration = 0; iteration < POLAR_ITERATIONS; iteration++) {
        float[] gram = product(rows, dims, rows, dims, d);
        float[] correction = product(gram, dims, transposed(rows, dims, d), d, dims);
        for (int i = 0; i < rows.length; i++) {
          rows[i] = 1.5f * rows[i] - 0.5f * correction[i];
        }
      }
    }
    Orthonormal.rows(rows, dims, d, random);
    return rows;
  }

  /** {@code a b'}: a (na, cols), b (nb, cols); returns (na, nb). */
  private float[] product(float[] a, int na, float[] b, int nb, int cols) throws IOException {
    float[] out = new float[na * nb];
    context.multiply(a, na, context.kernel().pack(b, nb, cols), out);
    return out;
  }

  private static float[] transposed(float[] rows, int count, int cols) {
    float[] transposed = new float[rows.length];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < cols; j++) {
        transposed[j * count + i] = rows[i * cols + j];
      }
    }
    return transposed;
  }
}
