// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
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
    JavaProcess process =
        JavaProcess.run(
            folder.resolve("output"),
            List.of("-Xmx256m"),
            BoundedHeap.class,
            index.toString(),
            "" + VECTORS,
            "" + seed);
    String said = process.said();
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
