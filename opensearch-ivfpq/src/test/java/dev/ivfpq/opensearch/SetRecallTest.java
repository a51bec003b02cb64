// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import static dev.ivfpq.opensearch.VoicesIndex.ids;
import static dev.ivfpq.opensearch.VoicesIndex.query;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ivfpq.opensearch.Voices.Frame;
import dev.ivfpq.rvc.npy.NpyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recall at defaults over three shards, of sets of 256 dimensions that the caller has. */
final class SetRecallTest {
  private static final int QUERIES = 200;

  @Test
  void defaultsReachTheirGoalOverThreeShards(@TempDir Path folder) throws Exception {
    String sets = System.getProperty("tests.sets", "");
    if (sets.isEmpty()) {
      System.out.println(
          "SetRecallTest: skipped, no -Dtests.sets=DIR; see CONTRIBUTING.md, Recall");
    }
    Assumptions.assumeFalse(sets.isEmpty());
    try (Cluster cluster = Cluster.start(folder, 3);
        var entries = Files.newDirectoryStream(Path.of(sets), Files::isDirectory)) {
      for (Path set : entries) {
        measure(cluster.node(0), set);
      }
    }
  }

  private static void measure(Rest rest, Path set) throws IOException {
    String name = set.getFileName().toString();
    float[][] base = rows(set.resolve("base.npy"));
    if (base[0].length != Voices.DIMS) {
      System.out.println(name + ": skipped, not of " + Voices.DIMS + " dimensions");
      return;
    }
    List<Frame> frames = new ArrayList<>(base.length);
    for (int i = 0; i < base.length; i++) {
      frames.add(new Frame(Integer.toString(i), "all", base[i]));
    }
    VoicesIndex index = VoicesIndex.create(rest, name, 3, ",\"index.number_of_replicas\":0");
    index.add(frames);
    index.mergeToOneSegment();

    float[][] queries = rows(set.resolve("query.npy"));
    Voices all = new Voices(frames);
    int count = Math.min(QUERIES, queries.length);
    int found = 0;
    for (int i = 0; i < count; i++) {
      float[] query = queries[(int) ((long) i * queries.length / count)];
      Set<String> hits = new HashSet<>(ids(index.search(query(query, 10, ""), 10)));
      hits.retainAll(all.nearest(query, 10, frame -> true));
      found += hits.size();
    }
    double recall = found / (10.0 * count);
    System.out.printf("%s: %d vectors, 3 shards: recall@10 %.3f%n", name, base.length, recall);
    assertTrue(recall >= .95, name + ": recall@10 is " + recall);
  }

  private static float[][] rows(Path file) throws IOException {
    try (NpyReader reader = NpyReader.open(file)) {
      return reader.readAll();
    }
  }
}
