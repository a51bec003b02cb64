// SPDX-License-Identifier: Apache-2.0

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Checks or applies the format of all Java files below a folder: google-java-format's layout, and
 * the licence line on top. Source-launched by the build: {@code java Format.java check|apply
 * <folder>}.
 */
final class Format {

  private static final String HEADER = "// SPDX-License-Identifier: Apache-2.0\n";
  private static final String REMEDY = "./mvnw -q -N validate -Pformat";

  public static void main(String[] args) throws IOException {
    if (args.length != 2 || !List.of("check", "apply").contains(args[0])) {
      System.err.println("usage: java Format.java check|apply <folder>");
      System.exit(2);
    }
    boolean apply = args[0].equals("apply");
    Queue<String> problems = new ConcurrentLinkedQueue<>();
    List<Path> files = javaFiles(Path.of(args[1]));
    files.parallelStream().forEach(file -> format(file, apply, problems));
    if (!problems.isEmpty()) {
      problems.stream().sorted().forEach(System.err::println);
      System.err.println("format: " + problems.size() + " file(s) above; to fix: " + REMEDY);
      System.exit(1);
    }
    System.out.println("format: " + files.size() + " Java files in order");
  }

  private static void format(Path file, boolean apply, Queue<String> problems) {
    try {
      String text = Files.readString(file);
      String wanted = text.replace("\r\n", "\n");
      if (!wanted.startsWith(HEADER)) {
        if (!apply) {
          problems.add(file + ": the first line must be " + HEADER.strip());
          return;
        }
        wanted = HEADER + wanted;
      }
      wanted = new Formatter().formatSourceAndFixImports(wanted);
      if (wanted.equals(text)) {
        return;
      }
      if (apply) {
        Files.writeString(file, wanted);
      } else {
        problems.add(file + ": not formatted");
      }
    } catch (FormatterException e) {
      problems.add(file + ": " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  /** All Java files, leaving out build output and hidden folders. */
  private static List<Path> javaFiles(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            String name = dir.getFileName().toString();
            boolean skipped = name.equals("target") || (name.startsWith(".") && name.length() > 1);
            return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }
}
