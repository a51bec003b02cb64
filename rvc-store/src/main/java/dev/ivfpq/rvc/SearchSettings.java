// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.IvfPqSearchParameters;
import java.util.List;
import java.util.Optional;

/**
 * How to look for neighbours.
 *
 * @param k how many, 1 to 10,000
 * @param speakers whose frames alone are looked at; none for all that have the query's dimension
 *     and may be of its embedder
 * @param embedder the network that made the query's frames, if it is known; voices that are known
 *     to be of another are refused if they are named, else left out
 * @param scan how thoroughly the lists are scanned; {@link IvfPqSearchParameters#DEFAULT} for the
 *     store's default if there is one, else each segment's own
 */
public record SearchSettings(
    int k, List<String> speakers, Optional<String> embedder, IvfPqSearchParameters scan) {
  private static final int MAX_K = 10_000;

  /** RVC's eight neighbours of any speaker, on the caller's thread. */
  public static final SearchSettings DEFAULT =
      new SearchSettings(8, List.of(), Optional.empty(), IvfPqSearchParameters.DEFAULT);

  /** Checks k. */
  public SearchSettings {
    if (k < 1 || k > MAX_K) {
      throw new IllegalArgumentException("k must be in [1, " + MAX_K + "], got k=" + k);
    }
    speakers = List.copyOf(speakers);
  }

  /** The same for {@code k} neighbours. */
  public SearchSettings withK(int k) {
    return new SearchSettings(k, speakers, embedder, scan);
  }

  /** The same among the frames of {@code speaker}. */
  public SearchSettings withSpeaker(String speaker) {
    return withSpeakers(List.of(speaker));
  }

  /** The same among the frames of some speakers together; none for all. */
  public SearchSettings withSpeakers(List<String> speakers) {
    return new SearchSettings(k, speakers, embedder, scan);
  }

  /** The same for frames that this network made. */
  public SearchSettings withEmbedder(String embedder) {
    return new SearchSettings(k, speakers, Optional.of(embedder), scan);
  }

  /** The same with other scan parameters. */
  public SearchSettings withScan(IvfPqSearchParameters scan) {
    return new SearchSettings(k, speakers, embedder, scan);
  }
}
