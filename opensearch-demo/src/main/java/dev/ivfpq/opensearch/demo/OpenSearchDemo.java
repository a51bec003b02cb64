// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The program: assembles, starts, loads, searches, stops one node, restarts it, cleans up. */
public final class OpenSearchDemo {
  /** Of the whole demo; it takes about a minute. */
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private static final int NODES = 2;

  private OpenSearchDemo() {}

  /**
   * Takes no arguments, or {@code --bench DIR}; exits with 0 when done or skipped, 1 on failure, 2
   * on wrong usage.
   */
  public static void main(String[] arguments) {
    boolean bench = arguments.length == 2 && arguments[0].equals("--bench");
    if (arguments.length > 0 && !bench) {
      System.err.println(
          "opensearch-demo: takes no arguments, or --bench DIR, a folder with base.npy and"
              + " query.npy");
      System.exit(2);
    }
    limitTime();
    try {
      Path project = Path.of(System.getProperty("ivfpq.home"));
      if (bench) {
        bench(project, Path.of(arguments[1]));
      } else {
        run(project);
      }
    } catch (SkippedException e) {
      System.out.println("opensearch-demo: skipped: " + e.getMessage());
    } catch (IOException | InterruptedException e) {
      System.err.println("opensearch-demo: " + e.getMessage());
      System.exit(1);
    }
    System.exit(0);
  }

  private static void limitTime() {
    Thread watch =
        new Thread(
            () -> {
              try {
                Thread.sleep(LIMIT.toMillis());
              } catch (InterruptedException e) {
                return;
              }
              System.err.println(
                  "opensearch-demo: not done after " + LIMIT.toMinutes() + " minutes, stopped");
              System.exit(1);
            },
            "time-limit");
    watch.setDaemon(true);
    watch.start();
  }

  private static Path ivfpq(Path project) throws IOException {
    return NodeHome.pluginZip(project.resolve("opensearch-ivfpq/target"), "opensearch-ivfpq");
  }

  private static void bench(Path project, Path set) throws IOException, InterruptedException {
    ServerUser user = ServerUser.choose();
    RestTimes times = RestTimes.read(set);
    Path hnsw = NodeHome.pluginZip(project.resolve("opensearch-demo/target"), "hnsw");
    try (DemoCluster cluster =
        DemoCluster.assemble(project, List.of(ivfpq(project), hnsw), user, 1)) {
      cluster.start(1);
      times.run(cluster.rest(1));
    }
  }

  private static void run(Path project) throws IOException, InterruptedException {
    ServerUser user = ServerUser.choose();
    SampleVoices voices = SampleVoices.read(project.resolve("examples"));
    try (DemoCluster cluster =
        DemoCluster.assemble(project, List.of(ivfpq(project)), user, NODES)) {
      System.out.printf(
          "%d nodes of OpenSearch on 127.0.0.1%s, in %s%n", NODES, user.note(), cluster.folder());
      for (int node = 1; node <= NODES; node++) {
        cluster.start(node);
      }
      cluster.awaitNodes(NODES);
      VoicesIndex index = new VoicesIndex(cluster.rest(1));
      index.create();
      index.add(voices);
      index.awaitStatus("green");
      System.out.printf(
          "%,d frames of %d speakers indexed; %d frames of a clip of %s searched in the voice of"
              + " %s:%n%n",
          voices.frames().size(),
          voices.speakers(),
          voices.clip().size(),
          SampleVoices.SPOKEN_BY,
          SampleVoices.TARGET);
      Measurement measurement = new Measurement(voices);
      measurement.warmUp(index);

      System.out.println(Measurement.HEADER);
      measurement.print("both nodes up", index);
      cluster.stop(NODES);
      cluster.awaitNodes(NODES - 1);
      index.awaitStatus("yellow");
      measurement.print("n" + NODES + " stopped", index);
      cluster.start(NODES);
      cluster.awaitNodes(NODES);
      index.awaitStatus("green");
      measurement.print("n" + NODES + " back", index);
      measurement.print("asked of n" + NODES, new VoicesIndex(cluster.rest(NODES)));
      System.out.println();
      System.out.println(Measurement.LEGEND);
    }
  }
}
