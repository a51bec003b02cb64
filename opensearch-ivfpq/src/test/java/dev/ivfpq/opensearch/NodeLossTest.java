// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import static dev.ivfpq.opensearch.VoicesIndex.EVERYTHING;
import static dev.ivfpq.opensearch.VoicesIndex.ids;
import static dev.ivfpq.opensearch.VoicesIndex.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ivfpq.opensearch.Voices.Frame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that goes away and comes back. */
final class NodeLossTest {

  @Test
  void answersSurviveALostNodeAndItsReturn(@TempDir Path folder) throws Exception {
    try (Cluster cluster = Cluster.start(folder, 3)) {
      Rest rest = cluster.node(0);
      VoicesIndex index =
          VoicesIndex.create(
              rest,
              "voices",
              3,
              ",\"index.number_of_replicas\":1,\"index.replication.type\":\"SEGMENT\"");
      cluster.awaitGreen("voices");
      List<Frame> frames = Voices.samples().frames();
      Voices before = new Voices(frames.subList(0, 4500));
      index.add(before.frames());
      rest.post("/voices/_flush", null);
      assertAnswers(before, index, "");

      // Every node holds two of the six copies; the node with the primary of shard 0 goes.
      int lost = nodeOfPrimary(rest, 0);
      cluster.stopNode(lost);
      VoicesIndex left = new VoicesIndex(cluster.anyNode(), "voices");
      left.rest().get("/_cluster/health?timeout=60s&wait_for_nodes=2");
      Await.equal(3, () -> activePrimaries(left.rest()));
      assertAnswers(before, left, "");

      // What is written meanwhile, by promoted replicas too, is there when the node is back.
      Voices all = new Voices(frames);
      left.add(frames.subList(4500, frames.size()));
      assertAnswers(all, left, "?preference=_primary");
      cluster.startNode(lost);
      cluster.awaitNodes(3);
      cluster.awaitGreen("voices");
      for (String copy : List.of("_primary", "_replica")) {
        Await.equal(
            frames.size(),
            () -> left.rest().get("/voices/_count?preference=" + copy).get("count").intValue());
        assertAnswers(all, left, "?preference=" + copy);
        assertAnswers(all, new VoicesIndex(cluster.node(lost), "voices"), "?preference=" + copy);
      }
    }
  }

  private static void assertAnswers(Voices expected, VoicesIndex index, String parameters)
      throws Exception {
    for (float[] query : Voices.queries(150)) {
      List<String> truth = expected.nearest(query, 10, frame -> true);
      Await.equal(
          truth,
          () -> ids(index.search(query(query, 10, EVERYTHING), 10, parameters.replace("?", ""))));
    }
  }

  private static int nodeOfPrimary(Rest rest, int shard) throws IOException {
    for (JsonNode copy : rest.get("/_cat/shards/voices?format=json")) {
      if (copy.get("prirep").textValue().equals("p")
          && copy.get("shard").textValue().equals(Integer.toString(shard))) {
        return Integer.parseInt(copy.get("node").textValue().substring(1));
      }
    }
    throw new IOException("no primary of shard " + shard);
  }

  private static int activePrimaries(Rest rest) throws IOException {
    JsonNode health = rest.get("/_cluster/health/voices");
    return health.get("active_primary_shards").intValue();
  }
}
