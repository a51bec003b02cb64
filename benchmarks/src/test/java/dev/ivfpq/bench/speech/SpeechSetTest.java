// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speech;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ivfpq.bench.data.VectorReader;
import dev.ivfpq.bench.data.VectorSet;
import dev.ivfpq.bench.stats.SetStatistics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpeechSetTest {
  private static final List<String> FILES = List.of("base.npy", "query.npy", "speaker.npy");

  @TempDir private Path folder;

  @Test
  void theSameSeedGivesTheSameBytesAndAnotherSeedOthers() throws IOException {
    Path once = written("once", new SpeechSet(300, 24, 3, 20, 7));
    Path again = written("again", new SpeechSet(300, 24, 3, 20, 7));
    Path other = written("other", new SpeechSet(300, 24, 3, 20, 8));

    for (String file : FILES) {
      assertEquals(-1, Files.mismatch(once.resolve(file), again.resolve(file)), file);
    }
    assertTrue(Files.mismatch(once.resolve("base.npy"), other.resolve("base.npy")) >= 0);
    assertTrue(Files.mismatch(once.resolve("query.npy"), other.resolve("query.npy")) >= 0);
  }

  @Test
  void aSpeakerSaysTheSameInALongerSet() throws IOException {
    VectorSet few = base(written("few", new SpeechSet(200, 17, 2, 1, 7)));
    VectorSet many = base(written("many", new SpeechSet(600, 17, 2, 1, 7)));

    assertArrayEquals(few.rows()[99], many.rows()[99]);
    assertArrayEquals(few.rows()[199], many.rows()[399]);
  }

  @Test
  void filesHaveTheShapesAskedForAndNothingElseIsLeft() throws IOException {
    Path set = written("set", new SpeechSet(11, 8, 3, 12, 1));

    assertEquals(11, base(set).size());
    assertEquals(8, base(set).dims());
    assertEquals(12, VectorReader.read(set.resolve("query.npy")).size());
    assertArrayEquals(new int[] {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2}, speakers(set, 11));
    try (Stream<Path> files = Files.list(set)) {
      assertEquals(FILES, files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void queriesAreOfSpeakersThatTheBaseDoesNotHave() throws IOException {
    // Speakers 2 to 6 of the greater set are those of the smaller one's queries.
    Path small = written("small", new SpeechSet(20, 8, 2, 50, 1));
    Path great = written("great", new SpeechSet(70, 8, 7, 1, 1));

    float[][] queries = VectorReader.read(small.resolve("query.npy")).rows();
    assertArrayEquals(queries, Arrays.copyOfRange(base(great).rows(), 20, 70));
  }

  /** Within 15 % of what was tuned; the fewer frames, the higher the queries' local dimension. */
  @Test
  void aSetOfTwentyThousandIsAsHardAsTuned() throws IOException {
    Path set = written("set", new SpeechSet(20_000, 256, 10, 1000, 1));

    SetStatistics is =
        SetStatistics.measure(base(set), VectorReader.read(set.resolve("query.npy")), 300);

    assertNear(35.6, is.queries().localDimension().median(), is);
    assertNear(7.9, is.base().localDimension().median(), is);
    assertNear(0.67, is.queries().nearestToRandom().median(), is);
    assertNear(0.084, is.queries().tenthToNearest().median() - 1, is);
    assertNear(8.9, is.norm().mean(), is);
    assertNear(1.2, is.norm().sd(), is);
    assertNear(70, is.principalDims().get(80), is);
    assertNear(171, is.principalDims().get(95), is);
  }

  @Test
  void settingsOutOfBoundsAreNamed() {
    assertRefused("n must be at least 1, got 0", 0, 8, 1, 1);
    assertRefused("dims must be in [2, 4096], got 1", 10, 1, 1, 1);
    assertRefused("dims must be in [2, 4096], got 4097", 10, 4097, 1, 1);
    assertRefused("speakers must be in [1, n=10], got 11", 10, 8, 11, 1);
    assertRefused("speakers must be in [1, n=10], got 0", 10, 8, 0, 1);
    assertRefused("queries must be at least 1, got -1", 10, 8, 1, -1);
  }

  private static void assertRefused(String message, int n, int dims, int speakers, int queries) {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> new SpeechSet(n, dims, speakers, queries, 1));
    assertEquals(message, refused.getMessage());
  }

  private static void assertNear(double expected, double actual, SetStatistics all) {
    assertEquals(expected, actual, 0.15 * expected, all::toString);
  }

  private Path written(String name, SpeechSet set) throws IOException {
    Path target = folder.resolve(name);
    assertFalse(Files.exists(target));
    set.write(target, speakersDone -> {});
    return target;
  }

  private static VectorSet base(Path set) throws IOException {
    return VectorReader.read(set.resolve("base.npy"));
  }

  /** The numbers of {@code speaker.npy}, its header compared with NumPy's. */
  private static int[] speakers(Path set, int n) throws IOException {
    byte[] bytes = Files.readAllBytes(set.resolve("speaker.npy"));
    String text = "{'descr': '<i4', 'fortran_order': False, 'shape': (" + n + ",), }";
    String header = new String(bytes, 0, 128, StandardCharsets.ISO_8859_1);
    assertEquals("\u0093NUMPY\1\0v\0" + text, header.stripTrailing());
    assertTrue(header.endsWith(" \n"));
    int[] numbers = new int[n];
    ByteBuffer.wrap(bytes, 128, bytes.length - 128)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer()
        .get(numbers);
    assertEquals(128 + n * Integer.BYTES, bytes.length);
    return numbers;
  }
}
