// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch.demo;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who runs the nodes: OpenSearch refuses to be root, so root steps down.
 *
 * @param principal null for the one who runs this program
 * @param prefix of every command
 */
record ServerUser(UserPrincipal principal, List<String> prefix) {
  private static final String NAME = "nobody";

  /**
   * @throws SkippedException if this is root and cannot step down
   */
  static ServerUser choose() throws IOException, InterruptedException {
    if (!System.getProperty("user.name").equals("root")) {
      return new ServerUser(null, List.of());
    }
    try {
      UserPrincipal nobody =
          FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(NAME);
      List<String> prefix =
          List.of("setpriv", "--reuid=" + NAME, "--regid=" + group(), "--clear-groups", "--");
      Process trial =
          new ProcessBuilder(Stream.concat(prefix.stream(), Stream.of("true")).toList())
              .inheritIO()
              .start();
      if (trial.waitFor() == 0) {
        return new ServerUser(nobody, prefix);
      }
    } catch (IOException e) {
      // No such user, or no such program: said below, as for every other reason.
    }
    throw new SkippedException(
        "OpenSearch does not run as root, and stepping down to "
            + NAME
            + " with setpriv (util-linux) failed; run this as another user");
  }

  private static String group() throws IOException, InterruptedException {
    Process id = new ProcessBuilder("id", "-g", NAME).start();
    String group = new String(id.getInputStream().readAllBytes()).strip();
    if (id.waitFor() != 0) {
      throw new IOException("id -g " + NAME + " failed");
    }
    return group;
  }

  String note() {
    return principal == null ? "" : " as user " + NAME;
  }

  /** Hands a folder and all in it to this user. */
  void own(Path folder) throws IOException {
    if (principal == null) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        Files.setOwner(path, principal);
      }
    }
  }
}
