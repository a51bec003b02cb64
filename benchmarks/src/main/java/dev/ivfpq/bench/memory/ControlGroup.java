// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.memory;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A control group of Linux (cgroup v1 or v2), whose processes together get so much memory. The page
 * cache that they fill counts, files mapped by them included. Needs the right to make groups, which
 * root has.
 */
final class ControlGroup implements Closeable {
  private static final String NAME = "ivfpq-bench-";

  private final Path folder;
  private final Dialect dialect;

  private ControlGroup(Path folder, Dialect dialect) {
    this.folder = folder;
    this.dialect = dialect;
  }

  /** What the two versions call the same things. */
  private enum Dialect {
    V1("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.max_usage_in_bytes", "cache"),
    V2("/sys/fs/cgroup", "memory.max", "memory.peak", "file");

    private final Path root;
    private final String limit;
    private final String peak;
    private final String cache;

    Dialect(String root, String limit, String peak, String cache) {
      this.root = Path.of(root);
      this.limit = limit;
      this.peak = peak;
      this.cache = cache;
    }

    private boolean isHere() {
      return Files.exists(
          root.resolve(this == V1 ? "memory.limit_in_bytes" : "cgroup.subtree_control"));
    }
  }

  /**
   * Makes a group.
   *
   * @param bytes that it gets; 0 for as many as there are
   * @throws IOException saying why there is none
   */
  static ControlGroup create(long bytes) throws IOException {
    for (Dialect dialect : Dialect.values()) {
      if (dialect.isHere()) {
        try {
          Path folder = Files.createTempDirectory(dialect.root, NAME);
          ControlGroup group = new ControlGroup(folder, dialect);
          if (bytes > 0) {
            group.limit(bytes);
          }
          return group;
        } catch (FileSystemException e) {
          throw refused(dialect.root + " lets this user make no control group", e);
        }
      }
    }
    throw refused("no cgroup file system with a memory controller is mounted", null);
  }

  private static IOException refused(String why, IOException cause) {
    return new IOException(why + "; memory cannot be limited, run this as root on Linux", cause);
  }

  private void limit(long bytes) throws IOException {
    try {
      Files.writeString(folder.resolve(dialect.limit), Long.toString(bytes));
    } catch (IOException e) {
      close();
      throw refused("the memory controller is not to be had in " + folder, e);
    }
  }

  /** The command, to run in this group. */
  List<String> around(List<String> command) {
    List<String> words =
        new ArrayList<>(
            List.of("sh", "-c", "echo $$ > \"$0\" && exec \"$@\"", folder + "/cgroup.procs"));
    words.addAll(command);
    return words;
  }

  /** The most bytes that were in use, page cache included; -1 if this kernel does not tell. */
  long peak() throws IOException {
    Path file = folder.resolve(dialect.peak);
    return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : -1;
  }

  /** Bytes of page cache that its processes have filled and that are still there. */
  long cached() throws IOException {
    for (String line : Files.readAllLines(folder.resolve("memory.stat"))) {
      String[] words = line.split(" ");
      if (words[0].equals(dialect.cache)) {
        return Long.parseLong(words[1]);
      }
    }
    throw new IOException(folder + "/memory.stat: no line \"" + dialect.cache + "\"");
  }

  /** Removes the group, whose processes have ended. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(folder);
  }
}
