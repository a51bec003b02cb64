// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch.demo;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Nodes {@code n1}, {@code n2}, ... in one temporary folder, which goes away with them. */
final class DemoCluster implements Closeable {
  private static final String PREFIX = "opensearch-demo-";

  private final Path folder;
  private final ServerUser user;
  private final List<Integer> httpPorts;
  private final NodeProcess[] nodes;
  private final Thread cleaner = new Thread(this::cleanUp, "clean-up");

  private DemoCluster(Path folder, ServerUser user, List<Integer> httpPorts) {
    this.folder = folder;
    this.user = user;
    this.httpPorts = httpPorts;
    this.nodes = new NodeProcess[httpPorts.size()];
    Runtime.getRuntime().addShutdownHook(cleaner);
  }

  /**
   * Lays out a home as a distribution has it, with plugins in it and a configuration a node.
   *
   * @param project where the modules were built
   * @param plugins zips
   */
  static DemoCluster assemble(Path project, List<Path> plugins, ServerUser user, int count)
      throws IOException {
    removeWhatKilledOnesLeft();
    List<Integer> ports = freePorts(2 * count);
    Path folder = Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
    DemoCluster cluster = new DemoCluster(folder, user, ports.subList(0, count));
    NodeHome home = new NodeHome(cluster.folder);
    home.copyServer(project.resolve("opensearch-demo/target/opensearch"));
    for (Path plugin : plugins) {
      home.installPlugin(plugin);
    }
    for (int node = 1; node <= count; node++) {
      home.configure(node, ports.get(node - 1), ports.subList(count, 2 * count));
    }
    user.own(cluster.folder);
    return cluster;
  }

  /** Folders whose names say that they are of a process that is no more. */
  private static void removeWhatKilledOnesLeft() throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try (DirectoryStream<Path> left = Files.newDirectoryStream(temporary, PREFIX + "[0-9]*-*")) {
      for (Path folder : left) {
        String pid = folder.getFileName().toString().substring(PREFIX.length()).split("-")[0];
        if (pid.matches("[0-9]{1,9}")
            && Files.isReadable(folder)
            && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
          remove(folder);
        }
      }
    }
  }

  private static void remove(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("opensearch-demo: could not delete all of " + folder + ": " + e);
    }
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      sockets.add(socket);
      ports.add(socket.getLocalPort());
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }

  Path folder() {
    return folder;
  }

  Rest rest(int node) {
    return new Rest(httpPorts.get(node - 1));
  }

  /** Starts a node and waits until it answers. */
  void start(int node) throws IOException, InterruptedException {
    nodes[node - 1] = NodeProcess.start(folder, node, user);
    nodes[node - 1].awaitAnswer(rest(node));
  }

  void stop(int node) throws IOException, InterruptedException {
    nodes[node - 1].stop();
  }

  /** Waits until the first node sees so many. */
  void awaitNodes(int count) throws IOException, InterruptedException {
    rest(1).get("/_cluster/health?timeout=60s&wait_for_nodes=" + count);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(cleaner);
    } catch (IllegalStateException e) {
      // This program is being stopped, and the hook at work.
      return;
    }
    cleanUp();
  }

  private void cleanUp() {
    for (NodeProcess node : nodes) {
      if (node != null) {
        node.kill();
      }
    }
    remove(folder);
  }
}
