// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many segments and many queries stay cheap. */
class ReaderCostTest {
  private static final int MOST_BYTES = 64 * 1024;
  private static final Pattern RESULT =
      Pattern.compile("bytes a segment=(-?\\d+)\\R(?:.*\\R)*?bytes a query=(\\d+)");

  @TempDir private Path folder;

  /** Of the whole reader of a segment and of the whole query: Lucene's own share is in it. */
  @Test
  void aSegmentKeepsAndAQueryAllocatesAtMost64Kilobytes() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("ReaderCostTest: seed " + seed);
    Path indexes = Files.createDirectories(folder.resolve("indexes"));
    JavaProcess process =
        JavaProcess.run(
            folder.resolve("output"),
            List.of("-XX:+UseSerialGC", "-Xmx1g"),
            ReaderCost.class,
            indexes.toString(),
            "" + seed);
    assertEquals(0, process.exitValue(), process.said());
    Matcher result = RESULT.matcher(process.said());
    assertTrue(result.find(), process.said());
    System.out.println("ReaderCostTest: " + result.group());
    assertTrue(Long.parseLong(result.group(1)) <= MOST_BYTES, result.group());
    assertTrue(Long.parseLong(result.group(2)) <= MOST_BYTES, result.group());
  }
}
