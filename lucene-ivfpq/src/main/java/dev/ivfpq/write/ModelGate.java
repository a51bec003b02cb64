// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.write;

import dev.ivfpq.quant.Metric;
import dev.ivfpq.quant.Model;
import dev.ivfpq.spec.Structure;
import dev.ivfpq.spec.TrainingSettings;
import dev.ivfpq.train.ModelError;
import dev.ivfpq.train.TrainingContext;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.lucene.index.FloatVectorValues;

/**
 * Decides whether a model that is there may serve vectors it was not trained for. {@code whyNot}
 * gives the reason against it, or null.
 */
final class ModelGate {
  /**
   * How many times the error on its own vectors a model may have on others. Speakers that it has
   * not heard raise it to 1.05 (117k x 256) and 1.13 (117k x 768).
   */
  static final double MOST_DRIFT = 1.25;

  /**
   * How uneven lists may be: nlist * sum of squared sizes / (sum of sizes)², 1 where all are equal
   * (faiss's imbalance factor). A merge of four flushes of 1M x 256 has 1.27.
   */
  private static final double MOST_IMBALANCE = 4;

  private final String factory;
  private final Structure structure;
  private final TrainingSettings settings;

  ModelGate(String factory, Structure structure, TrainingSettings settings) {
    this.factory = factory;
    this.structure = structure;
    this.settings = settings;
  }

  /** Whether a model is of the structure asked for, and its size right for {@code n} vectors. */
  String whyNot(KnownModel known, int n, int d) {
    if (!known.lists().factory().equals(factory)) {
      return "another structure is asked for";
    }
    if (!settings.allows(structure, known.nlist(), n)) {
      return known.nlist() + " lists are too many or too few";
    }
    return isTooLarge(known.model(), n, d) ? "the model would be too large" : null;
  }

  /** Whether the default structure would spend too much on a model. */
  boolean isTooLarge(Model model, int n, int d) {
    return structure.equals(Structure.DEFAULT)
        && model.bytes() > settings.maxModelShare() * n * d * Float.BYTES;
  }

  /**
   * How many times the error on the vectors it was trained for the model has on these. Not a number
   * where they overflow float arithmetic.
   */
  static double drift(
      KnownModel known, TrainingContext context, Metric metric, FloatVectorValues values)
      throws IOException {
    return ModelError.of(context, metric, known.model(), values) / known.lists().modelError();
  }

  /** Whether the segments' lists are filled evenly. */
  String whyNot(KnownModel known, List<MergeSource> sources) throws IOException {
    long[] sizes = new long[known.nlist()];
    for (MergeSource source : sources) {
      source.addSizes(sizes);
    }
    double sum = 0;
    double squares = 0;
    for (long size : sizes) {
      sum += size;
      squares += (double) size * size;
    }
    double imbalance = sizes.length * squares / (sum * sum);
    return imbalance > MOST_IMBALANCE
        ? String.format(Locale.ROOT, "its lists are uneven, %.1f", imbalance)
        : null;
  }
}
