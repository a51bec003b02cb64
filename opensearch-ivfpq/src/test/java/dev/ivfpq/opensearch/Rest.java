// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A node's REST interface: JSON in, JSON out. */
record Rest(int port) {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** A status and what came with it. */
  record Answer(int status, JsonNode body) {}

  JsonNode get(String path) throws IOException {
    return done("GET", path, null);
  }

  JsonNode put(String path, String body) throws IOException {
    return done("PUT", path, body);
  }

  JsonNode post(String path, String body) throws IOException {
    return done("POST", path, body);
  }

  JsonNode delete(String path) throws IOException {
    return done("DELETE", path, null);
  }

  private JsonNode done(String method, String path, String body) throws IOException {
    Answer answer = send(method, path, body);
    if (answer.status() >= 300) {
      throw new IOException(method + " " + path + ": " + answer);
    }
    if (answer.body().path("errors").booleanValue()) {
      throw new IOException(method + " " + path + ": " + answer.body().findValue("error"));
    }
    return answer.body();
  }

  /** Sends whatever it is and takes whatever comes back. */
  Answer send(String method, String path, String body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(90))
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    try {
      var response = CLIENT.send(request, BodyHandlers.ofString());
      return new Answer(response.statusCode(), JSON.readTree(response.body()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
