// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One node that runs. */
final class NodeProcess {
  private static final int START_SECONDS = 90;
  private static final int STOP_SECONDS = 30;

  private final int node;
  private final Process process;
  private final Path output;

  private NodeProcess(int node, Process process, Path output) {
    this.node = node;
    this.process = process;
    this.output = output;
  }

  static NodeProcess start(Path home, int node, ServerUser user) throws IOException {
    Path own = NodeHome.ofNode(home, node);
    List<String> command = new ArrayList<>(user.prefix());
    command.add(ServerUser.JAVA);
    command.addAll(
        List.of(
            "-Xms512m",
            "-Xmx512m",
            "-Djava.io.tmpdir=" + own.resolve("tmp"),
            "-Dopensearch.path.home=" + home,
            "-Dopensearch.path.conf=" + own.resolve("config"),
            "-Dopensearch.distribution.type=tar",
            "-Dopensearch.bundled_jdk=false",
            "-Dlog4j2.disable.jmx=true",
            "-Dlog4j.shutdownHookEnabled=false",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            home.resolve("lib") + "/*",
            "org.opensearch.bootstrap.OpenSearch"));
    Path output = home.resolve("n" + node + ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
            .start();
    return new NodeProcess(node, process, output);
  }

  /** Waits until the node answers over HTTP. */
  void awaitAnswer(Rest rest) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      if (!process.isAlive()) {
        String words = tail();
        throw new IOException(
            words.contains("BindException") || words.contains("BindHttpException")
                ? "n" + node + ": another program has taken its port meanwhile; run this again"
                : "n" + node + " ended while starting; its last words:\n" + words);
      }
      try {
        rest.get("/_cluster/health");
        return;
      } catch (IOException e) {
        if (System.nanoTime() > end) {
          throw new IOException(
              "n"
                  + node
                  + " does not answer after "
                  + START_SECONDS
                  + " seconds ("
                  + e.getMessage()
                  + "); its last words:\n"
                  + tail(),
              e);
        }
      }
      Thread.sleep(200);
    }
  }

  private String tail() throws IOException {
    List<String> lines = Files.readAllLines(output);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  /** Stops the node as a shutdown does. */
  void stop() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("n" + node + " still runs " + STOP_SECONDS + " seconds after SIGTERM");
    }
  }

  /** Ends the node, whatever it does, and waits for its end. */
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
