// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ivfpq.rvc.StoreException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;

/** Says in one sentence what went wrong between us and a cluster, and what to do. */
record ClusterFailure(ClusterAddress address) {

  private StoreException sentence(String text, Throwable cause) {
    return new StoreException(address + ": " + text, cause);
  }

  private StoreException sentence(String text) {
    return new StoreException(address + ": " + text);
  }

  /** There was no answer. */
  StoreException unanswered(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      switch (t) {
        case UnknownHostException e -> {
          return sentence("no such host; check the address", failure);
        }
        case ConnectTimeoutException e -> {
          return sentence(
              "could not be reached in time; check host and port, and what lies between", failure);
        }
        case ConnectException e -> {
          return sentence(
              "nobody answers there (connection refused); start the cluster, or check host and"
                  + " port",
              failure);
        }
        case NoRouteToHostException e -> {
          return sentence("no way to this host; check the address and the network", failure);
        }
        case SocketTimeoutException e -> {
          return sentence(
              "no answer in time; look at the cluster's health, and try again", failure);
        }
        case SSLException e -> {
          return sentence(
              "no TLS connection ("
                  + e.getMessage()
                  + "); name a trust store that knows the certificate with"
                  + " JAVA_TOOL_OPTIONS=-Djavax.net.ssl.trustStore=FILE, or use opensearch:// if"
                  + " the cluster has no TLS",
              failure);
        }
        default -> {}
      }
    }
    return sentence(
        "the connection broke ("
            + failure.getMessage()
            + "); look whether the cluster runs, and use opensearchs:// if it wants TLS",
        failure);
  }

  /** Something else than OpenSearch answered. */
  StoreException notOpenSearch(Throwable cause) {
    return sentence("what answers there is no OpenSearch; check host and port", cause);
  }

  /** The cluster refused a request. */
  StoreException refused(int status, JsonNode answer) {
    String reason = reason(answer.path("error"));
    if (status == 401) {
      return sentence(
          address.login().isPresent()
              ? "user or password is wrong; correct them"
              : "asks for a user and a password; set OPENSEARCH_USER and OPENSEARCH_PASSWORD");
    }
    if (status == 403) {
      return sentence(
          "this user may not do that" + inBrackets(reason) + "; ask who runs the cluster");
    }
    if (status == 429 || status == 503) {
      return sentence("the cluster is too busy" + inBrackets(reason) + "; try again later");
    }
    if (status == 413) {
      return sentence("the cluster takes no request of this size; raise http.max_content_length");
    }
    if (answer.isMissingNode() || reason.isEmpty()) {
      return sentence(
          "what answers there is no OpenSearch (status " + status + "); check host and port");
    }
    return failed(answer.path("error"));
  }

  /** What a request, or a part of one, failed by. */
  StoreException failed(JsonNode error) {
    String reason = reason(error);
    if (reason.contains("unknown setting [index.ivfpq]")
        || reason.contains("[ivfpq_vector]") && reason.contains("No handler for type")
        || reason.contains("unknown query [ivfpq]")) {
      return noPlugin();
    }
    if ("index_not_found_exception".equals(error.path("type").textValue())) {
      return noIndex();
    }
    return sentence("the cluster says: " + reason);
  }

  /** The nodes do not know our field type. */
  private StoreException noPlugin() {
    return sentence("the cluster has not the plugin opensearch-ivfpq; install it on every node");
  }

  /** The index is not there. */
  StoreException noIndex() {
    return sentence(
        "no index \""
            + address.index()
            + "\" on this cluster; make it with: ivfpq add --store "
            + address
            + " --speaker NAME FOLDER");
  }

  /** The index is there, but none of ours. */
  StoreException noStore() {
    return sentence("an index, but not a store of voices; name another");
  }

  /** The index was made by another version of this program. */
  StoreException otherVersion(String theirs, String ours) {
    return sentence(
        "a store of version "
            + theirs
            + ", this program reads version "
            + ours
            + "; use the program that wrote it");
  }

  /** Not all parts of the index answered. */
  StoreException incomplete(JsonNode shards) {
    String reason = reason(shards.path("failures").path(0).path("reason"));
    return sentence(
        shards.path("successful").asInt()
            + " of "
            + shards.path("total").asInt()
            + " shards answered"
            + inBrackets(reason)
            + "; look at the cluster's health");
  }

  private static String inBrackets(String reason) {
    return reason.isEmpty() ? "" : " (" + reason + ")";
  }

  /** The innermost reason that an error gives. */
  private static String reason(JsonNode error) {
    if (error.isTextual()) {
      return error.textValue();
    }
    JsonNode cause = error.path("root_cause").path(0);
    String reason = (cause.isMissingNode() ? error : cause).path("reason").asText("");
    for (JsonNode inner = error.path("caused_by");
        !inner.isMissingNode();
        inner = inner.path("caused_by")) {
      reason = inner.path("reason").asText(reason);
    }
    return reason.replaceAll("\\s+", " ").strip();
  }
}
