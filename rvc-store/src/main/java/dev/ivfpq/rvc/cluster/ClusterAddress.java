// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cluster;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which index of which cluster, as {@code opensearch://[USER:PASSWORD@]HOST[:PORT][,...]/INDEX};
 * with {@code opensearchs} over TLS. A user and a password may stand in the environment instead, as
 * {@code OPENSEARCH_USER} and {@code OPENSEARCH_PASSWORD}. Text of an address has neither.
 */
public final class ClusterAddress {
  private static final String PLAIN = "opensearch://";
  private static final String TLS = "opensearchs://";
  private static final int DEFAULT_PORT = 9200;
  private static final String FORM =
      "a cluster's address is opensearch://[USER:PASSWORD@]HOST[:PORT]/INDEX, or opensearchs:// for"
          + " TLS";

  private final boolean tls;
  private final List<Host> hosts;
  private final String index;
  private final Optional<Login> login;

  /** One node. */
  record Host(String name, int port) {
    @Override
    public String toString() {
      return name + ":" + port;
    }
  }

  /** Who asks. Not a record, so that nothing prints it. */
  static final class Login {
    final String user;
    final String password;

    Login(String user, String password) {
      this.user = user;
      this.password = password;
    }
  }

  private ClusterAddress(boolean tls, List<Host> hosts, String index, Optional<Login> login) {
    this.tls = tls;
    this.hosts = hosts;
    this.index = index;
    this.login = login;
  }

  /** Whether a text is meant to be a cluster's address, and not a folder. */
  public static boolean isOne(String text) {
    return text.startsWith(PLAIN) || text.startsWith(TLS);
  }

  /**
   * Reads an address.
   *
   * @param environment where a login may stand
   * @throws IllegalArgumentException saying what an address is; its message has no password
   */
  public static ClusterAddress parse(String text, Map<String, String> environment) {
    if (!isOne(text)) {
      throw new IllegalArgumentException(FORM);
    }
    boolean tls = text.startsWith(TLS);
    String rest = text.substring((tls ? TLS : PLAIN).length());
    int slash = rest.indexOf('/');
    String authority = slash < 0 ? rest : rest.substring(0, slash);
    String index = slash < 0 ? "" : rest.substring(slash + 1);
    if (!index.matches("[a-z0-9][a-z0-9._-]{0,199}")) {
      throw new IllegalArgumentException(
          FORM + "; INDEX has small letters, digits and . _ -, and no slash behind it");
    }
    int at = authority.lastIndexOf('@');
    List<Host> hosts = new ArrayList<>();
    for (String host : authority.substring(at + 1).split(",", -1)) {
      hosts.add(host(host));
    }
    Optional<Login> login =
        at >= 0 ? Optional.of(login(authority.substring(0, at))) : login(environment);
    return new ClusterAddress(tls, List.copyOf(hosts), index, login);
  }

  private static Host host(String text) {
    try {
      URI uri = new URI("host://" + text).parseServerAuthority();
      if (uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawPath().isEmpty()) {
        return new Host(uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
      }
    } catch (URISyntaxException e) {
      // Said below, without the text, which may hold a password.
    }
    throw new IllegalArgumentException(FORM + "; this one has no proper HOST:PORT");
  }

  private static Login login(String userInfo) {
    int colon = userInfo.indexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException(FORM + "; this one has no USER:PASSWORD before its @");
    }
    try {
      return new Login(decode(userInfo.substring(0, colon)), decode(userInfo.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      // The cause's message would show a part of the password.
      throw new IllegalArgumentException(
          "a percent sign in USER or PASSWORD of a cluster's address is written %25");
    }
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static Optional<Login> login(Map<String, String> environment) {
    String user = environment.get("OPENSEARCH_USER");
    String password = environment.get("OPENSEARCH_PASSWORD");
    if (user == null && password == null) {
      return Optional.empty();
    }
    if (user == null || password == null) {
      throw new IllegalArgumentException(
          "of OPENSEARCH_USER and OPENSEARCH_PASSWORD only one is set; set both or none");
    }
    return Optional.of(new Login(user, password));
  }

  boolean tls() {
    return tls;
  }

  List<Host> hosts() {
    return hosts;
  }

  /** The index's name. */
  public String index() {
    return index;
  }

  Optional<Login> login() {
    return login;
  }

  /** The address without user and password. */
  @Override
  public String toString() {
    return (tls ? TLS : PLAIN)
        + hosts.stream().map(Host::toString).collect(Collectors.joining(","))
        + "/"
        + index;
  }
}
