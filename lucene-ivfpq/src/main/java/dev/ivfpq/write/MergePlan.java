// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.write;

import java.util.List;

/**
 * Which model a merged segment gets, and which vectors must be encoded for it. The first rung that
 * applies is taken:
 *
 * <table>
 * <caption>The merge ladder</caption>
 * <tr><th>the vectors</th><th>the model</th><th>rung</th><th>touches</th></tr>
 * <tr>
 *   <td>have lists of one model in every segment</td>
 *   <td>has lists enough, but not too many, and fills them evenly</td>
 *   <td>{@link Concatenate}</td>
 *   <td>codes</td>
 * </tr>
 * <tr>
 *   <td>have lists of it in some segments, or in none</td>
 *   <td>the one of most vectors, else that of the last flush: the same, and its error on the
 *       merged vectors is about what it was on those it was trained with</td>
 *   <td>{@link Adopt}</td>
 *   <td>codes, and the raw vectors of the other segments</td>
 * </tr>
 * <tr>
 *   <td>any</td>
 *   <td>none, or none that fits</td>
 *   <td>{@link Train}</td>
 *   <td>all raw vectors</td>
 * </tr>
 * </table>
 *
 * <p>What fits is decided by {@link ModelGate}.
 */
sealed interface MergePlan {
  /** The reason, for the InfoStream. */
  String why();

  /** Lists are put together and codes copied. */
  record Concatenate(KnownModel model, List<MergeSource> sources) implements MergePlan {
    @Override
    public String why() {
      return "all segments share the model";
    }
  }

  /**
   * Codes of the model are copied, other vectors are assigned and encoded with it.
   *
   * @param sources segments that have lists of the model; may be none
   */
  record Adopt(KnownModel model, List<MergeSource> sources, String why) implements MergePlan {}

  /** A new model is trained, and all vectors are encoded with it. */
  record Train(String why) implements MergePlan {}
}
