// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.IvfPqSearchParameters;
import java.util.Optional;

/**
 * How to look for neighbours.
 *
 * @param k how many, 1 to 10,000
 * @param speaker whose frames alone are looked at; empty for all
 * @param scan how thoroughly the lists are scanned
 */
public record SearchSettings(int k, Optional<String> speaker, IvfPqSearchParameters scan) {
  private static final int MAX_K = 10_000;

  /** RVC's eight neighbours of any speaker, each segment scanned as it was tuned for. */
  public static final SearchSettings DEFAULT =
      new SearchSettings(8, Optional.empty(), IvfPqSearchParameters.DEFAULT);

  /** Checks k. */
  public SearchSettings {
    if (k < 1 || k > MAX_K) {
      throw new IllegalArgumentException("k must be in [1, " + MAX_K + "], got k=" + k);
    }
  }

  /** The same for {@code k} neighbours. */
  public SearchSettings withK(int k) {
    return new SearchSettings(k, speaker, scan);
  }

  /** The same among the frames of {@code speaker}. */
  public SearchSettings withSpeaker(String speaker) {
    return new SearchSettings(k, Optional.of(speaker), scan);
  }

  /** The same with other scan parameters. */
  public SearchSettings withScan(IvfPqSearchParameters scan) {
    return new SearchSettings(k, speaker, scan);
  }
}
