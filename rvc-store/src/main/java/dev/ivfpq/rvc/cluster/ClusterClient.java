// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.ivfpq.rvc.StoreException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.util.Timeout;
import org.opensearch.client.opensearch.generic.Body;
import org.opensearch.client.opensearch.generic.OpenSearchGenericClient;
import org.opensearch.client.opensearch.generic.Requests;
import org.opensearch.client.opensearch.generic.Response;
import org.opensearch.client.transport.OpenSearchTransport;
import org.opensearch.client.transport.httpclient5.ApacheHttpClient5Options;
import org.opensearch.client.transport.httpclient5.ApacheHttpClient5TransportBuilder;
import org.opensearch.client.transport.httpclient5.HttpAsyncResponseConsumerFactory.HeapBufferedResponseConsumerFactory;
import org.opensearch.client.transport.httpclient5.ResponseException;

/** Sends requests to a cluster. What goes wrong becomes a sentence ({@link ClusterFailure}). */
final class ClusterClient implements Closeable {
  static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** As long as a node may take to train a large segment, when it makes what was added visible. */
  private static final Duration ANSWER = Duration.ofSeconds(120);

  /** 10,000 neighbours of 768 dims are 80 MB of JSON. */
  private static final int LONGEST_ANSWER = 256 << 20;

  private final ClusterFailure failure;
  private final OpenSearchTransport transport;
  private final OpenSearchGenericClient client;

  private ClusterClient(ClusterAddress address, Duration answer) {
    this.failure = new ClusterFailure(address);
    HttpHost[] hosts =
        address.hosts().stream()
            .map(host -> new HttpHost(address.tls() ? "https" : "http", host.name(), host.port()))
            .toArray(HttpHost[]::new);
    ApacheHttpClient5Options.Builder options = ApacheHttpClient5Options.DEFAULT.toBuilder();
    options.setHttpAsyncResponseConsumerFactory(
        new HeapBufferedResponseConsumerFactory(LONGEST_ANSWER));
    this.transport =
        ApacheHttpClient5TransportBuilder.builder(hosts)
            .setDefaultHeaders(headers(address))
            .setOptions(options.build())
            .setConnectionConfigCallback(config -> config.setConnectTimeout(Timeout.of(CONNECT)))
            .setRequestConfigCallback(config -> config.setResponseTimeout(Timeout.of(answer)))
            .setHttpClientConfigCallback(http -> http.disableRedirectHandling())
            .build();
    this.client = new OpenSearchGenericClient(transport);
  }

  /** Opens nothing before the first request. */
  static ClusterClient of(ClusterAddress address) {
    return new ClusterClient(address, ANSWER);
  }

  /** The same, less patient. */
  static ClusterClient of(ClusterAddress address, Duration answer) {
    return new ClusterClient(address, answer);
  }

  private static Header[] headers(ClusterAddress address) {
    return address
        .login()
        .map(
            login -> {
              byte[] both = (login.user + ":" + login.password).getBytes(StandardCharsets.UTF_8);
              String value = "Basic " + Base64.getEncoder().encodeToString(both);
              return new Header[] {new BasicHeader(HttpHeaders.AUTHORIZATION, value, true)};
            })
        .orElse(new Header[0]);
  }

  JsonNode get(String path) throws IOException {
    return send("GET", path, Map.of(), null);
  }

  JsonNode put(String path, JsonNode body) throws IOException {
    return send("PUT", path, Map.of(), bytes(body));
  }

  JsonNode post(String path, JsonNode body) throws IOException {
    return send("POST", path, Map.of(), bytes(body));
  }

  private static byte[] bytes(JsonNode body) throws JsonProcessingException {
    return body.isMissingNode() ? null : JSON.writeValueAsBytes(body);
  }

  /** Sends JSON, or lines of it. */
  JsonNode send(String method, String path, Map<String, String> parameters, byte[] body)
      throws IOException {
    Answer answer = trySend(method, path, parameters, body);
    if (answer.status >= 300) {
      throw failure.refused(answer.status, answer.body);
    }
    return answer.body;
  }

  /** Whether something is there. */
  boolean exists(String path) throws IOException {
    Answer answer = trySend("HEAD", path, Map.of(), null);
    if (answer.status >= 300 && answer.status != 404) {
      throw failure.refused(answer.status, answer.body);
    }
    return answer.status < 300;
  }

  private record Answer(int status, JsonNode body) {}

  private Answer trySend(String method, String path, Map<String, String> parameters, byte[] body)
      throws IOException {
    Requests.JsonBodyBuilder request =
        Requests.builder().method(method).endpoint(path).query(parameters);
    if (body != null) {
      request.body(Body.from(body, "application/json"));
    }
    try (Response response = client.execute(request.build())) {
      return answer(response.getStatus(), response.getBody().map(Body::bodyAsBytes));
    } catch (StoreException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Some statuses the client takes for failures of its own.
      for (Throwable t = e; t != null; t = t.getCause()) {
        if (t instanceof ResponseException refused) {
          return answer(refused.status(), bodyIn(refused.getMessage()));
        }
      }
      throw failure.unanswered(e);
    }
  }

  /** Such a failure lets nobody at its answer, but has it in its message, from the second line. */
  private static Optional<byte[]> bodyIn(String message) {
    int line = message.indexOf('\n');
    return line < 0
        ? Optional.empty()
        : Optional.of(message.substring(line + 1).getBytes(StandardCharsets.UTF_8));
  }

  private Answer answer(int status, Optional<byte[]> body) throws StoreException {
    if (body.isEmpty() || body.get().length == 0) {
      return new Answer(status, MissingNode.getInstance());
    }
    try {
      return new Answer(status, JSON.readTree(body.get()));
    } catch (IOException e) {
      if (status >= 300) {
        return new Answer(status, MissingNode.getInstance());
      }
      throw failure.notOpenSearch(e);
    }
  }

  ClusterFailure failure() {
    return failure;
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }
}
