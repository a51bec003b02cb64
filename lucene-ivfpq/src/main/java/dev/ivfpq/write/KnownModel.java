// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.write;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.quant.Metric;
import dev.ivfpq.quant.Model;
import dev.ivfpq.spec.Structure;
import dev.ivfpq.spec.TrainingSettings;
import dev.ivfpq.spec.Tuning;
import dev.ivfpq.train.ModelError;
import dev.ivfpq.train.ModelTrainer;
import dev.ivfpq.train.TrainingContext;
import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.VectorSimilarityFunction;

/**
 * A trained model and the field it was last used for. Immutable.
 *
 * @param lists describes the model: structure, sizes, fingerprint, error, efforts; where it lies is
 *     of no meaning here
 * @param vectors how many the efforts are for
 */
public record KnownModel(Model model, FieldMeta.Lists lists, int vectors) {

  /**
   * Trains a model of {@code nlist} lists, with efforts by rule and no fingerprint yet.
   *
   * @param factory the factory string that {@code structure} was parsed from; empty for the default
   * @param values raw vectors by ordinal; not read by anybody else meanwhile
   * @param vectors how many the lists will hold
   * @return null if the vectors cannot be told apart in float arithmetic, or overflow it
   */
  public static KnownModel train(
      TrainingContext context,
      VectorSimilarityFunction similarity,
      String factory,
      Structure structure,
      TrainingSettings settings,
      FloatVectorValues values,
      int nlist,
      int vectors)
      throws IOException {
    Metric metric = Metric.of(similarity);
    Model model = new ModelTrainer(context, metric, structure, settings).train(values, nlist);
    if (model == null) {
      return null;
    }
    FieldMeta.Lists described =
        new FieldMeta.Lists(
            factory,
            structure.nlist(),
            nlist,
            model.transform().dOut(),
            !model.transform().isIdentity(),
            model.residual(),
            structure.rerank(),
            model.centroidCodes() != null,
            model.pq() == null ? 0 : model.pq().M(),
            0,
            Tuning.byRule(similarity, nlist, vectors),
            0,
            0,
            new byte[FieldMeta.Lists.FINGERPRINT_BYTES],
            ModelError.of(context, metric, model, values),
            0,
            0);
    return new KnownModel(model, described, vectors);
  }

  public int nlist() {
    return lists.nlist();
  }

  /** Whether lists are of this model. */
  boolean isOf(FieldMeta.Lists other) {
    return other != null && Arrays.equals(lists.fingerprint(), other.fingerprint());
  }
}
