// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A node's REST interface: JSON in, JSON out. */
record Rest(int port) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Merging a large graph to one segment takes a minute, and longer where others compute. */
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  JsonNode get(String path) throws IOException, InterruptedException {
    return send("GET", path, null);
  }

  JsonNode put(String path, String body) throws IOException, InterruptedException {
    return send("PUT", path, body);
  }

  JsonNode post(String path, String body) throws IOException, InterruptedException {
    return send("POST", path, body);
  }

  private JsonNode send(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(LIMIT)
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = CLIENT.send(request, BodyHandlers.ofString());
    JsonNode answer = JSON.readTree(response.body());
    if (response.statusCode() >= 300 || answer.path("errors").booleanValue()) {
      throw new IOException(
          method + " " + path + ": " + response.statusCode() + " " + response.body());
    }
    return answer;
  }
}
