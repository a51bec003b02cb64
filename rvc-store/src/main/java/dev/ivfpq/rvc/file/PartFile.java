// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.lucene.util.IOUtils;

/**
 * A file in the making: it lies beside its target and takes the target's place in {@link #finish}.
 * Closed without that, nothing is left and a file that was there before is untouched. What a killed
 * process has left is taken away by the next that makes the same file.
 */
public final class PartFile implements Closeable {
  private static final String SUFFIX = ".part";

  private final Path target;
  private final Path part;
  private final FileChannel channel;

  private PartFile(Path target, Path part, FileChannel channel) {
    this.target = target;
    this.part = part;
    this.channel = channel;
  }

  /**
   * Starts a file.
   *
   * @param target an absolute path in a folder that exists; no link
   * @throws IOException if it cannot be made
   */
  public static PartFile create(Path target) throws IOException {
    deleteLeft(target);
    Path part =
        target.resolveSibling(target.getFileName() + "." + ProcessHandle.current().pid() + SUFFIX);
    FileChannel channel =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    return new PartFile(target, part, channel);
  }

  private static void deleteLeft(Path target) throws IOException {
    String start = target.getFileName() + ".";
    try (DirectoryStream<Path> siblings = Files.newDirectoryStream(target.getParent())) {
      for (Path sibling : siblings) {
        String name = sibling.getFileName().toString();
        if (name.startsWith(start) && name.endsWith(SUFFIX)) {
          String pid =
              name.substring(
                  start.length(), Math.max(start.length(), name.length() - SUFFIX.length()));
          if (pid.matches("[0-9]{1,18}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
            Files.deleteIfExists(sibling);
          }
        }
      }
    }
  }

  /**
   * Appends bytes.
   *
   * @throws FileSystemException naming the target, if they cannot be written
   */
  public void write(ByteBuffer bytes) throws IOException {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw named(e);
    }
  }

  /**
   * Puts bytes where they belong.
   *
   * @throws FileSystemException naming the target, if they cannot be written
   */
  public void write(ByteBuffer bytes, long position) throws IOException {
    try {
      for (long at = position; bytes.hasRemaining(); ) {
        at += channel.write(bytes, at);
      }
    } catch (IOException e) {
      throw named(e);
    }
  }

  /** Failures of the disk name no file. */
  private IOException named(IOException failure) {
    FileSystemException named =
        new FileSystemException(
            target.toString(),
            null,
            "writing failed ("
                + failure.getMessage()
                + "), nothing was written; mend that, or make room, and try again");
    named.initCause(failure);
    return named;
  }

  /**
   * Puts the file in its place.
   *
   * @throws IOException if that fails; the target is as before
   */
  public void finish() throws IOException {
    try {
      channel.force(true);
      channel.close();
    } catch (IOException e) {
      throw named(e);
    }
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
    IOUtils.fsync(target.getParent(), true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    // Nothing is there after finish, or if somebody else took it away.
    Files.deleteIfExists(part);
  }
}
