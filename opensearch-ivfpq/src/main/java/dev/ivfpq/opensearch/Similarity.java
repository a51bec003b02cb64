// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.lucene.index.VectorSimilarityFunction;

/** Lucene's similarities by their names in a mapping: the same, in lower case. */
final class Similarity {
  static final List<String> NAMES =
      Arrays.stream(VectorSimilarityFunction.values()).map(Similarity::name).toList();

  private Similarity() {}

  static String name(VectorSimilarityFunction similarity) {
    return similarity.name().toLowerCase(Locale.ROOT);
  }

  /**
   * @param name one of {@link #NAMES}
   */
  static VectorSimilarityFunction of(String name) {
    return VectorSimilarityFunction.values()[NAMES.indexOf(name)];
  }
}
