// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.ivfpq.rvc.StoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is said when a cluster refuses or does not answer; a server of the JDK plays the cluster.
 */
class ClusterFailureTest {
  private final List<String> logins = new ArrayList<>();
  private HttpServer server;
  private volatile int status;
  private volatile String answer;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          logins.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private ClusterAddress address(String scheme, String login) {
    return ClusterAddress.parse(
        scheme + "://" + login + "127.0.0.1:" + server.getAddress().getPort() + "/voices",
        Map.of());
  }

  private static String sentence(ClusterAddress address) throws IOException {
    try (ClusterClient client = ClusterClient.of(address, Duration.ofMillis(500))) {
      String message =
          assertThrows(StoreException.class, () -> client.get("/voices/_mapping")).getMessage();
      assertTrue(message.startsWith(address + ": "), message);
      return message.substring(address.toString().length() + 2);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "401 | Unauthorized | asks for a user and a password; set OPENSEARCH_USER and"
            + " OPENSEARCH_PASSWORD",
        "403 | {'error':{'root_cause':[{'reason':'no permissions for [x]'}]}} | this user may not"
            + " do that (no permissions for [x]); ask who runs the cluster",
        "429 | {'error':{'reason':'rejected'}} | the cluster is too busy (rejected); try again"
            + " later",
        "413 | {} | the cluster takes no request of this size; raise http.max_content_length",
        "404 | {'error':{'type':'index_not_found_exception','reason':'no such index [voices]'}} |"
            + " no index \"voices\" on this cluster; make it with: ivfpq add --store %s --speaker"
            + " NAME FOLDER",
        "400 | {'error':{'reason':'unknown setting [index.ivfpq] please check'}} | the cluster has"
            + " not the plugin opensearch-ivfpq; install it on every node",
        "400 | {'error':{'reason':'a','caused_by':{'reason':'unknown query [ivfpq]'}}} | the"
            + " cluster has not the plugin opensearch-ivfpq; install it on every node",
        "400 | {'error':{'reason':'a','caused_by':{'reason':'innermost'}}} | the cluster says:"
            + " innermost",
        "404 | <html> | what answers there is no OpenSearch (status 404); check host and port",
        "200 | <html> | what answers there is no OpenSearch; check host and port"
      })
  void whatIsRefusedIsSaid(int status, String answer, String expected) throws IOException {
    this.status = status;
    this.answer = answer.replace('\'', '"');
    ClusterAddress address = address("opensearch", "");
    assertEquals(expected.replace("%s", address.toString()), sentence(address));
  }

  @Test
  void theLoginIsSentUnaskedAndNotNamedWhenItIsWrong() throws IOException {
    status = 401;
    answer = "";
    assertEquals(
        "user or password is wrong; correct them", sentence(address("opensearch", "anna:s3@")));
    assertEquals(List.of("Basic YW5uYTpzMw=="), logins);
  }

  @Test
  void silenceIsSaid() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      assertEquals(
          "no answer in time; look at the cluster's health, and try again",
          sentence(
              ClusterAddress.parse(
                  "opensearch://127.0.0.1:" + silent.getLocalPort() + "/voices", Map.of())));
    }
  }
}
