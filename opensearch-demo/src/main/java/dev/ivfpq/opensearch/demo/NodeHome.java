// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch.demo;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** An OpenSearch home: {@code lib}, {@code modules}, {@code plugins}, and a folder a node. */
record NodeHome(Path folder) {
  private static final String LOGGING =
      """
      status = error
      appender.console.type = Console
      appender.console.name = console
      appender.console.layout.type = PatternLayout
      appender.console.layout.pattern = [%d{HH:mm:ss.SSS}][%-5p][%c{1.}] %m%n
      rootLogger.level = warn
      rootLogger.appenderRef.console.ref = console
      """;

  /**
   * @param target where the plugin's module was built
   * @param name how the zip's name begins
   */
  static Path pluginZip(Path target, String name) throws IOException {
    try (DirectoryStream<Path> zips = Files.newDirectoryStream(target, name + "-*.zip")) {
      for (Path zip : zips) {
        return zip;
      }
    }
    throw new IOException(target + ": no " + name + "-*.zip there; run ./mvnw package");
  }

  void copyServer(Path built) throws IOException {
    try (Stream<Path> paths = Files.walk(built)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        Path copy = folder.resolve(built.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(path, copy);
        }
      }
    }
  }

  /** Does what {@code opensearch-plugin install file:...} does with a zip's files. */
  void installPlugin(Path zip) throws IOException {
    String name = zip.getFileName().toString().replaceFirst("-[0-9].*", "");
    Path plugin = Files.createDirectories(folder.resolve("plugins").resolve(name));
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Files.copy(in, plugin.resolve(Path.of(entry.getName()).getFileName()));
      }
    }
  }

  /** Where a node keeps what is its own. */
  static Path ofNode(Path home, int node) {
    return home.resolve("n" + node);
  }

  /**
   * Writes a node's configuration.
   *
   * @param transportPorts of all nodes, in their order
   */
  void configure(int node, int httpPort, List<Integer> transportPorts) throws IOException {
    Path own = ofNode(folder, node);
    Path config = Files.createDirectories(own.resolve("config"));
    Files.createDirectories(own.resolve("tmp"));
    String seeds =
        transportPorts.stream()
            .map(port -> "\"127.0.0.1:" + port + "\"")
            .collect(Collectors.joining(", ", "[", "]"));
    Files.writeString(
        config.resolve("opensearch.yml"),
        """
        cluster.name: ivfpq-demo
        node.name: n%d
        path.data: "%s"
        path.logs: "%s"
        network.host: 127.0.0.1
        http.port: %d
        transport.port: %d
        discovery.seed_hosts: %s
        cluster.initial_cluster_manager_nodes: ["n1"]
        cluster.routing.allocation.disk.threshold_enabled: false
        """
            .formatted(
                node,
                own.resolve("data"),
                own.resolve("logs"),
                httpPort,
                transportPorts.get(node - 1),
                seeds));
    Files.writeString(config.resolve("log4j2.properties"), LOGGING);
  }
}
