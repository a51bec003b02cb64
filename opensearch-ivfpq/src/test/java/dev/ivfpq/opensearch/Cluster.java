// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.node.NodeValidationException;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.transport.Netty4ModulePlugin;

/** Nodes of one cluster in this JVM, on loopback, with their data under one folder. */
final class Cluster implements Closeable {
  private final Path folder;
  private final List<Integer> transportPorts = new ArrayList<>();
  private final List<Integer> httpPorts = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();

  private Cluster(Path folder) {
    this.folder = folder;
  }

  /** Starts nodes {@code n0}, {@code n1} and so on, and waits until they have found each other. */
  static Cluster start(Path folder, int count) throws Exception {
    Cluster cluster = new Cluster(folder);
    try {
      for (int port : freePorts(2 * count)) {
        (cluster.httpPorts.size() < count ? cluster.httpPorts : cluster.transportPorts).add(port);
      }
      for (int node = 0; node < count; node++) {
        cluster.nodes.add(null);
      }
      for (int node = 0; node < count; node++) {
        cluster.startNode(node);
      }
      cluster.awaitNodes(count);
      return cluster;
    } catch (Throwable t) {
      cluster.close();
      throw t;
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

  /** Where snapshots may lie. */
  Path repositories() {
    return folder.resolve("repositories");
  }

  /** Starts a node that is not running, with the data that it had. */
  void startNode(int node) throws NodeValidationException, IOException {
    Path home = folder.resolve(name(node));
    Files.createDirectories(home.resolve("config"));
    Settings settings =
        Settings.builder()
            .put("cluster.name", "ivfpq-test")
            .put("node.name", name(node))
            .put("path.home", home.toString())
            .put("path.repo", repositories().toString())
            .put("node.processors", 1)
            .put("network.host", "127.0.0.1")
            .put("transport.type", "netty4")
            .put("http.type", "netty4")
            .put("http.port", httpPorts.get(node))
            .put("transport.port", transportPorts.get(node))
            .putList(
                "discovery.seed_hosts",
                transportPorts.stream().map(port -> "127.0.0.1:" + port).toList())
            .putList("cluster.initial_cluster_manager_nodes", names())
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            // A primary that moves to a node with fewer shards has moments without an answer.
            .put("cluster.routing.rebalance.enable", "none")
            .build();
    Environment environment =
        InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> name(node));
    nodes.set(node, new InJvmNode(environment).start());
  }

  /** Stops a node as a shutdown does. */
  void stopNode(int node) throws IOException, InterruptedException {
    Node stopped = nodes.set(node, null);
    stopped.close();
    if (!stopped.awaitClose(30, TimeUnit.SECONDS)) {
      throw new IOException(name(node) + " did not stop within 30 seconds");
    }
  }

  void awaitNodes(int count) throws IOException {
    anyNode().get("/_cluster/health?timeout=60s&wait_for_nodes=" + count);
  }

  /** All copies of all shards of an index are there. */
  void awaitGreen(String index) throws IOException {
    JsonNode health =
        anyNode()
            .get("/_cluster/health/" + index + "?timeout=60s&wait_for_status=green" + NO_MOVES);
    if (health.get("timed_out").booleanValue()) {
      throw new IOException("not green within 60 seconds: " + health);
    }
  }

  private static final String NO_MOVES =
      "&wait_for_no_relocating_shards=true&wait_for_no_initializing_shards=true";

  /** The HTTP side of one node. */
  Rest node(int node) {
    return new Rest(httpPorts.get(node));
  }

  /** The HTTP side of the first node that runs. */
  Rest anyNode() {
    for (int node = 0; node < nodes.size(); node++) {
      if (nodes.get(node) != null) {
        return node(node);
      }
    }
    throw new IllegalStateException("no node runs");
  }

  static String name(int node) {
    return "n" + node;
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    for (int node = 0; node < nodes.size(); node++) {
      names.add(name(node));
    }
    return names;
  }

  /** The Lucene folder of a node's copy of a shard. */
  Path shard(int node, String index, int shard) throws IOException {
    String uuid = anyNode().get("/" + index + "/_settings").findValue("uuid").textValue();
    return folder
        .resolve(name(node))
        .resolve(Path.of("data", "nodes", "0", "indices", uuid, Integer.toString(shard), "index"));
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (int node = 0; node < nodes.size(); node++) {
      if (nodes.get(node) != null) {
        try {
          stopNode(node);
        } catch (IOException e) {
          failure = e;
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static final class InJvmNode extends Node {
    InJvmNode(Environment environment) {
      super(environment, List.of(info(Netty4ModulePlugin.class), info(IvfPqPlugin.class)), false);
    }

    private static PluginInfo info(Class<? extends Plugin> plugin) {
      return new PluginInfo(
          plugin.getName(),
          "on the class path",
          "NA",
          Version.CURRENT,
          "21",
          plugin.getName(),
          null,
          List.of(),
          false);
    }
  }
}
