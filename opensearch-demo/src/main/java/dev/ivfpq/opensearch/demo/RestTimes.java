// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch.demo;

import dev.ivfpq.rvc.npy.NpyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** What a query through REST takes, and how much of it is the vector search, beside HNSW. */
final class RestTimes {
  private static final int QUERIES = 200;
  private static final int WARM_UP_ROUNDS = 5;
  private static final int ROUNDS = 5;

  /** Candidates that the graph search keeps; the first of enough recall is taken. */
  private static final int[] FANOUTS = {10, 15, 20, 30, 40, 60, 80, 120, 160, 240, 320, 480, 640};

  private static final String LEGEND =
      """
      recall@10 against an exact search in this program. Milliseconds a query, %d rounds of all lines
      in turn, one request after the other but in the last column: median as seen by the client; mean
      within the node ("took", whole milliseconds); median of the shard's vector search, from a
      profiled request; what of the round trip is not that: HTTP, JSON, OpenSearch's phases; and a
      query's share of one _msearch of %d. HNSW is Lucene's default codec's (M 16, beam 100), each
      with the fewest candidates that find as much as the line of ivfpq before it.
      """;

  private final float[][] vectors;
  private final List<float[]> queries = new ArrayList<>();
  private final List<Set<Integer>> truth;

  private RestTimes(float[][] vectors, float[][] queries) {
    this.vectors = vectors;
    int step = Math.max(1, queries.length / QUERIES);
    for (int i = 0; i < queries.length && this.queries.size() < QUERIES; i += step) {
      this.queries.add(queries[i]);
    }
    this.truth = this.queries.parallelStream().map(this::nearest).toList();
  }

  /**
   * @param set folder with {@code base.npy} and {@code query.npy}, both (n, dims)
   */
  static RestTimes read(Path set) throws IOException {
    float[][] base = rows(set.resolve("base.npy"));
    float[][] queries = rows(set.resolve("query.npy"));
    if (base[0].length != queries[0].length || base.length < TimedSearch.K) {
      throw new IOException(
          set + ": base.npy and query.npy need rows of one length, and 10 or more of them");
    }
    return new RestTimes(base, queries);
  }

  private static float[][] rows(Path file) throws IOException {
    if (Files.notExists(file)) {
      throw new IOException(
          file + ": no such file; --bench takes a folder with base.npy, query.npy");
    }
    try (NpyReader reader = NpyReader.open(file)) {
      return reader.readAll();
    }
  }

  private Set<Integer> nearest(float[] query) {
    double[] distances = new double[vectors.length];
    Arrays.setAll(distances, i -> SampleVoices.squaredDistance(query, vectors[i]));
    double[] sorted = distances.clone();
    Arrays.sort(sorted);
    Set<Integer> nearest = new HashSet<>();
    IntStream.range(0, distances.length)
        .filter(i -> distances[i] <= sorted[TimedSearch.K - 1])
        .forEach(nearest::add);
    return nearest;
  }

  void run(Rest rest) throws IOException, InterruptedException {
    SetIndex ivfpq = SetIndex.ivfpq(rest, vectors[0].length);
    SetIndex hnsw = SetIndex.hnsw(rest);
    for (SetIndex index : List.of(ivfpq, hnsw)) {
      long start = System.nanoTime();
      index.build(vectors);
      System.out.printf(
          "%s: %,d x %d vectors sent and merged to one segment in %.0f s%n",
          index.name(), vectors.length, vectors[0].length, (System.nanoTime() - start) / 1e9);
    }
    TimedSearch floor =
        new TimedSearch("ten documents, no vectors", ivfpq, queries, q -> "{\"match_all\":{}}");
    TimedSearch plain = ours(ivfpq, "ivfpq, no parameter", "");
    TimedSearch thorough = ours(ivfpq, "ivfpq, target_recall .99", ",\"target_recall\":0.99");
    List<TimedSearch> searches =
        List.of(floor, plain, theirs(hnsw, plain), thorough, theirs(hnsw, thorough));
    for (int round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
      for (TimedSearch search : searches) {
        if (round == WARM_UP_ROUNDS) {
          search.forget();
        }
        search.round();
      }
    }
    System.out.println();
    TimedSearch.printHeader();
    floor.print();
    for (TimedSearch search : searches.subList(1, searches.size())) {
      search.print(search.recall(truth));
    }
    System.out.println();
    System.out.printf(LEGEND, ROUNDS, TimedSearch.TOGETHER);
  }

  private TimedSearch ours(SetIndex ivfpq, String label, String more) {
    return new TimedSearch(
        label, ivfpq, queries, query -> ivfpq.query(query, ",\"k\":" + TimedSearch.K + more));
  }

  /** The graph search with the fewest candidates that finds as much, or with the most there are. */
  private TimedSearch theirs(SetIndex hnsw, TimedSearch ours)
      throws IOException, InterruptedException {
    double wanted = ours.recall(truth);
    TimedSearch theirs = null;
    for (int fanout : FANOUTS) {
      theirs =
          new TimedSearch(
              "HNSW, " + fanout + " candidates",
              hnsw,
              queries,
              query -> hnsw.query(query, ",\"k\":" + fanout));
      if (theirs.recall(truth) >= wanted) {
        break;
      }
    }
    return theirs;
  }
}
