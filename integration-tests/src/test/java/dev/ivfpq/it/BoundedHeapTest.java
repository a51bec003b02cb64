// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A merge needs heap for its model and sample, not for its vectors. */
class BoundedHeapTest {
  private static final int VECTORS = 300_000;
  private static final Pattern RESULT =
      Pattern.compile("segments=1 vectors=" + VECTORS + " nlist=(\\d+) recall=(\\S+)");

  @TempDir private Path folder;

  /** 300 MB of vectors. */
  @Test
  void threeHundredThousandVectorsAreMergedIn256MegabytesOfHeap() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("BoundedHeapTest: seed " + seed);
    Path index = folder.resolve("index");
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                BoundedHeap.class.getName(),
                index.toString(),
                "" + VECTORS,
                "" + seed)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertTrue(process.waitFor(20, TimeUnit.MINUTES), "still running after 20 minutes");
    String said = Files.readString(output, StandardCharsets.UTF_8);
    assertEquals(0, process.exitValue(), said);

    Matcher result = RESULT.matcher(said);
    assertTrue(result.find(), said);
    System.out.println("BoundedHeapTest: " + result.group());
    assertTrue(Integer.parseInt(result.group(1)) > 500, said);
    assertTrue(Double.parseDouble(result.group(2)) >= 0.9, said);
    assertEquals(List.of(), temporaryFiles(index));
  }

  private static List<String> temporaryFiles(Path index) throws IOException {
    try (Stream<Path> files = Files.list(index)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".tmp"))
          .toList();
    }
  }
}
