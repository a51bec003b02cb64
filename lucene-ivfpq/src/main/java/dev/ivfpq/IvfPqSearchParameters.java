// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import dev.ivfpq.search.SearchSettings;
import java.util.Objects;
import org.apache.lucene.search.knn.KnnSearchStrategy;

/**
 * Settings of one query, given to {@code new KnnFloatVectorQuery(field, target, k, filter,
 * strategy)}. What is not set is each segment's own default. {@link IvfPqQuery} and {@link
 * IvfPqSearcher} do once for all segments of a model what is said here of each segment. Immutable.
 */
public final class IvfPqSearchParameters extends KnnSearchStrategy {
  /** Leaves everything to the segments, as a query without any strategy does. */
  public static final IvfPqSearchParameters DEFAULT = new IvfPqSearchParameters(0, 0, 0);

  private static final float MAX_K_FACTOR = 1e6f;

  private final int nprobe;
  private final float kFactor;
  private final float targetRecall;

  private IvfPqSearchParameters(int nprobe, float kFactor, float targetRecall) {
    this.nprobe = nprobe;
    this.kFactor = kFactor;
    this.targetRecall = targetRecall;
  }

  /**
   * Does in each segment what was measured there to reach this recall@10: the efforts for .90, .95
   * and .99 are known, the next larger one is taken. Without it, .95.
   *
   * @throws IllegalArgumentException outside (0, .99]
   */
  public IvfPqSearchParameters withTargetRecall(float value) {
    if (!(value > 0 && value <= .99f)) {
      throw new IllegalArgumentException(
          "targetRecall must be in (0, .99], got targetRecall="
              + value
              + "; for more recall set nprobe and kFactor");
    }
    return new IvfPqSearchParameters(nprobe, kFactor, value);
  }

  /**
   * Scans exactly this many lists in each segment, all of them if there are fewer; more only while
   * fewer than k accepted vectors were found.
   *
   * @throws IllegalArgumentException below 1
   */
  public IvfPqSearchParameters withNprobe(int value) {
    if (value < 1) {
      throw new IllegalArgumentException("nprobe must be at least 1, got nprobe=" + value);
    }
    return new IvfPqSearchParameters(value, kFactor, targetRecall);
  }

  /**
   * Re-ranks this many candidates per hit, faiss's {@code k_factor}, all of them. Without it,
   * candidates are re-ranked in the order of their estimates until no other is expected to compete.
   *
   * @throws IllegalArgumentException outside [1, 1e6]
   */
  public IvfPqSearchParameters withKFactor(float value) {
    if (!(value >= 1 && value <= MAX_K_FACTOR)) {
      throw new IllegalArgumentException("kFactor must be in [1, 1e6], got kFactor=" + value);
    }
    return new IvfPqSearchParameters(nprobe, value, targetRecall);
  }

  /** Lists scanned in each segment; 0 for each segment's own. */
  public int nprobe() {
    return nprobe;
  }

  /** Candidates re-ranked per hit; 0 for each segment's own. */
  public float kFactor() {
    return kFactor;
  }

  /** Recall@10 that was asked for; 0 for each segment's own. */
  public float targetRecall() {
    return targetRecall;
  }

  /** The settings that a query's strategy holds; Lucene's own hold none. */
  static SearchSettings settings(KnnSearchStrategy strategy) {
    KnnSearchStrategy innermost = strategy;
    while (innermost instanceof Seeded seeded) {
      innermost = seeded.originalStrategy();
    }
    return innermost instanceof IvfPqSearchParameters parameters
        ? new SearchSettings(parameters.nprobe, parameters.kFactor, parameters.targetRecall)
        : new SearchSettings(0, 0, 0);
  }

  @Override
  public void nextVectorsBlock() {}

  @Override
  public boolean equals(Object other) {
    return other instanceof IvfPqSearchParameters that
        && nprobe == that.nprobe
        && kFactor == that.kFactor
        && targetRecall == that.targetRecall;
  }

  @Override
  public int hashCode() {
    return Objects.hash(nprobe, kFactor, targetRecall);
  }

  @Override
  public String toString() {
    return "IvfPqSearchParameters(nprobe="
        + (nprobe == 0 ? "default" : nprobe)
        + ", kFactor="
        + (kFactor == 0 ? "default" : kFactor)
        + ", targetRecall="
        + (targetRecall == 0 ? "default" : targetRecall)
        + ")";
  }
}
