// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Searches with a clip, frame by frame and at once, and prints a line of what came of it. */
final class Measurement {
  static final String HEADER =
      "%-14s | %-31s | %9s | %9s | %7s | %6s | %s"
          .formatted(
              "step", "state", "recall@10", "query, ms", "in node", "ours", "in _msearch, ms");
  static final String LEGEND =
      """
      recall@10 against an exact search in this program. Medians over the clip's frames, one request
      after the other: as seen by the client; within the node ("took", whole milliseconds); and in
      the vectors format (from a profiled request, of the shard without the filter). The last
      column is a frame's share of one request for the whole clip.\
      """;

  private static final int K = 10;
  private static final int WARM_UP_ROUNDS = 3;

  private final List<float[]> clip;
  private final List<Set<String>> truth;

  Measurement(SampleVoices voices) {
    this.clip = voices.clip();
    this.truth = clip.stream().map(frame -> voices.nearest(frame, K)).toList();
  }

  /** Lets the nodes compile what they are about to do. */
  void warmUp(VoicesIndex index) throws IOException, InterruptedException {
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      index.searchAll(clip, K);
      for (float[] frame : clip) {
        index.search(frame, K);
      }
    }
  }

  void print(String step, VoicesIndex index) throws IOException, InterruptedException {
    double[] seen = new double[clip.size()];
    double[] took = new double[clip.size()];
    double[] ours = new double[clip.size()];
    int found = 0;
    for (int i = 0; i < clip.size(); i++) {
      long start = System.nanoTime();
      JsonNode answer = index.search(clip.get(i), K);
      seen[i] = (System.nanoTime() - start) / 1e6;
      took[i] = answer.get("took").doubleValue();
      found += found(answer, truth.get(i));
      ours[i] = oursOf(index.profile(clip.get(i), K)) / 1e6;
    }
    long start = System.nanoTime();
    JsonNode answers = index.searchAll(clip, K);
    double shared = (System.nanoTime() - start) / 1e6 / clip.size();
    for (int i = 0; i < clip.size(); i++) {
      if (found(answers.get(i), truth.get(i)) == 0) {
        throw new IOException("frame " + i + " of _msearch found none of its neighbours");
      }
    }
    System.out.printf(
        "%-14s | %-31s | %9.3f | %9.2f | %7.0f | %6.2f | %.2f%n",
        step,
        index.state(),
        found / (double) (K * clip.size()),
        median(seen),
        median(took),
        median(ours),
        shared);
  }

  private static int found(JsonNode answer, Set<String> truth) throws IOException {
    if (answer.path("_shards").path("successful").intValue() != 1) {
      throw new IOException("not one shard answered: " + answer);
    }
    Set<String> ids = new HashSet<>();
    answer.get("hits").get("hits").forEach(hit -> ids.add(hit.get("_id").textValue()));
    ids.retainAll(truth);
    return ids.size();
  }

  /** A vector query does its search when it is rewritten for the shard. */
  private static long oursOf(JsonNode profiled) {
    return profiled.findValue("rewrite_time").longValue();
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
