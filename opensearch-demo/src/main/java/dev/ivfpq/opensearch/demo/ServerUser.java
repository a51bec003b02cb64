// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch.demo;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
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
  /** The Java that the nodes run on. */
  static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private static final String NAME = "nobody";

  /** What ends a node when this program is killed and cannot do it itself. */
  private static final List<String> DIES_WITH_US = List.of("setpriv", "--pdeathsig", "KILL");

  /**
   * @throws SkippedException if this is root and cannot step down
   */
  static ServerUser choose() throws IOException, InterruptedException {
    if (!System.getProperty("user.name").equals("root")) {
      // Not everywhere there is such a program, or one that can do it.
      List<String> prefix = works(DIES_WITH_US) ? DIES_WITH_US : List.of();
      return new ServerUser(null, prefix);
    }
    try {
      UserPrincipal nobody =
          FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(NAME);
      List<String> prefix =
          Stream.concat(
                  DIES_WITH_US.stream(),
                  Stream.of("--reuid=" + NAME, "--regid=" + group(), "--clear-groups", "--"))
              .toList();
      if (works(prefix)) {
        return new ServerUser(nobody, prefix);
      }
    } catch (IOException e) {
      // No such user, or no such program: said below, as for every other reason.
    }
    throw new SkippedException(
        "OpenSearch does not run as root, and stepping down to "
            + NAME
            + " with setpriv (util-linux) failed; run this as another user, with a Java that it may"
            + " run");
  }

  /** Whether Java runs behind a prefix. */
  private static boolean works(List<String> prefix) throws InterruptedException {
    try {
      Process trial =
          new ProcessBuilder(Stream.concat(prefix.stream(), Stream.of(JAVA, "-version")).toList())
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start();
      return trial.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
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
