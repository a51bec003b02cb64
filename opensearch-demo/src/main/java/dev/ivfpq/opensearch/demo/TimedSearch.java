// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** One way to search, and what it took, in milliseconds, over all rounds. */
final class TimedSearch {
  static final int K = 10;

  /** Searches in one {@code _msearch}. */
  static final int TOGETHER = 50;

  private static final String LINE = "%-28s | %9s | %10s | %8s | %7s | %6s | %s%n";

  private final String label;
  private final SetIndex index;
  private final List<String> requests;
  private final List<String> profiled;
  private final List<Double> seen = new ArrayList<>();
  private final List<Double> took = new ArrayList<>();
  private final List<Double> vectors = new ArrayList<>();
  private final List<Double> shared = new ArrayList<>();

  /**
   * @param search a query's JSON for a vector
   */
  TimedSearch(
      String label, SetIndex index, List<float[]> queries, Function<float[], String> search) {
    this.label = label;
    this.index = index;
    this.requests = queries.stream().map(q -> SetIndex.request(search.apply(q), K, "")).toList();
    this.profiled =
        queries.stream()
            .map(q -> SetIndex.request(search.apply(q), K, ",\"profile\":true"))
            .toList();
  }

  static void printHeader() {
    System.out.printf(
        LINE, "search", "recall@10", "round trip", "in node", "vectors", "rest", "in _msearch");
  }

  /** The share of the true neighbours found. */
  double recall(List<Set<Integer>> truth) throws IOException, InterruptedException {
    int found = 0;
    for (int i = 0; i < truth.size(); i++) {
      List<Integer> places = SetIndex.places(index.search(requests.get(i)));
      found += (int) places.stream().filter(truth.get(i)::contains).count();
    }
    return found / (double) (K * truth.size());
  }

  /** Searches with all queries, singly, profiled and together. */
  void round() throws IOException, InterruptedException {
    for (String request : requests) {
      long start = System.nanoTime();
      JsonNode answer = index.search(request);
      seen.add((System.nanoTime() - start) / 1e6);
      took.add(answer.get("took").doubleValue());
    }
    for (String request : profiled) {
      // A vector query searches when it is rewritten for the shard.
      vectors.add(index.search(request).findValue("rewrite_time").longValue() / 1e6);
    }
    for (int from = 0; from + TOGETHER <= requests.size(); from += TOGETHER) {
      long start = System.nanoTime();
      JsonNode answers = index.searchTogether(requests.subList(from, from + TOGETHER));
      shared.add((System.nanoTime() - start) / 1e6 / TOGETHER);
      for (JsonNode answer : answers) {
        if (SetIndex.places(answer).size() != K) {
          throw new IOException("not " + K + " hits: " + answer);
        }
      }
    }
  }

  /** Takes the rounds so far for warming up. */
  void forget() {
    List.of(seen, took, vectors, shared).forEach(List::clear);
  }

  void print() {
    print("", "", "");
  }

  void print(double recall) {
    print(
        "%.3f".formatted(recall),
        "%.3f".formatted(median(vectors)),
        "%.2f".formatted(median(seen) - median(vectors)));
  }

  private void print(String recall, String ofVectors, String rest) {
    double mean = took.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    System.out.printf(
        LINE,
        label,
        recall,
        "%.2f".formatted(median(seen)),
        "%.2f".formatted(mean),
        ofVectors,
        rest,
        "%.2f".formatted(median(shared)));
  }

  private static double median(List<Double> values) {
    return Measurement.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
