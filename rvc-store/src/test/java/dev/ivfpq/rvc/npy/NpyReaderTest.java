// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.npy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ivfpq.rvc.FuzzedBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyReaderTest {
  @TempDir Path folder;

  private Path save(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("clip.npy"), bytes);
  }

  private String refusal(byte[] bytes) throws IOException {
    Path file = save(bytes);
    NpyException e = assertThrows(NpyException.class, () -> NpyReader.open(file).close());
    assertTrue(e.getMessage().startsWith(file + ""), e.getMessage());
    return e.getMessage().substring(file.toString().length());
  }

  private String refusal(String header) throws IOException {
    return refusal(NpyBytes.file(1, header, new byte[24]));
  }

  private static double[][] halves(Random random, int n, int d) {
    double[][] rows = new double[n][d];
    for (double[] row : rows) {
      // Exact in half precision.
      Arrays.setAll(row, i -> (random.nextInt(2048) - 1024) / 64.0);
    }
    return rows;
  }

  @Test
  void testEveryTypeOrderAndVersionIsRead() throws IOException {
    Random random = new Random(1);
    for (NpyType type : NpyType.values()) {
      for (boolean fortran : new boolean[] {false, true}) {
        for (int version = 1; version <= 3; version++) {
          double[][] rows = halves(random, 7, 5);
          Path file =
              save(
                  NpyBytes.file(
                      version,
                      NpyBytes.header(type.descr(), fortran, 7, 5),
                      NpyBytes.data(rows, type, fortran)));
          try (NpyReader reader = NpyReader.open(file)) {
            String what = type + " fortran=" + fortran + " version=" + version;
            assertEquals(7, reader.rows(), what);
            assertEquals(5, reader.dims(), what);
            assertEquals(type, reader.header().type(), what);
            reader.verify();
            float[] out = new float[7 * 5];
            reader.read(0, 7, out);
            for (int i = 0; i < 35; i++) {
              assertEquals((float) rows[i / 5][i % 5], out[i], what);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void testRowsAreReadFromTheMiddleAndAcrossTheBuffer(boolean fortran) throws IOException {
    double[][] rows = halves(new Random(2), 300, 257);
    Path file =
        save(
            NpyBytes.file(
                1,
                NpyBytes.header("<f8", fortran, 300, 257),
                NpyBytes.data(rows, NpyType.FLOAT64, fortran)));
    try (NpyReader reader = NpyReader.open(file)) {
      float[] out = new float[100 * 257 + 3];
      reader.read(123, 100, out);
      for (int i = 0; i < 100 * 257; i++) {
        assertEquals((float) rows[123 + i / 257][i % 257], out[i]);
      }
      assertArrayEquals(new float[3], Arrays.copyOfRange(out, 100 * 257, out.length));
      assertThrows(IndexOutOfBoundsException.class, () -> reader.read(250, 51, out));
      assertThrows(IndexOutOfBoundsException.class, () -> reader.read(0, 1, new float[256]));
    }
  }

  @Test
  void testDoublesAreRounded() throws IOException {
    double[][] rows = {{Math.PI, -1e-300, 3.4028235e38}};
    Path file =
        save(
            NpyBytes.file(
                1,
                NpyBytes.header("<f8", false, 1, 3),
                NpyBytes.data(rows, NpyType.FLOAT64, false)));
    try (NpyReader reader = NpyReader.open(file)) {
      float[] out = new float[3];
      reader.read(0, 1, out);
      assertArrayEquals(new float[] {(float) Math.PI, -0f, Float.MAX_VALUE}, out);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void testEveryTruncationIsRefused(int version) throws IOException {
    byte[] whole =
        NpyBytes.file(version, NpyBytes.header("<f4", false, 2, 3) + "   \n", new byte[24]);
    for (int length = 0; length < whole.length; length++) {
      String message = refusal(Arrays.copyOf(whole, length));
      assertTrue(message.startsWith(", offset " + length + ": the file ends here, but "), message);
      assertTrue(message.endsWith("it is truncated, extract it again"), message);
    }
  }

  @Test
  void testSurplusBytesAreRefused() throws IOException {
    byte[] bytes = NpyBytes.file(1, NpyBytes.header("<f4", false, 2, 3), new byte[25]);
    String message = refusal(bytes);
    assertTrue(message.startsWith(", offset " + (bytes.length - 1) + ": 1 bytes more"), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'|O'  | an array of Python objects (|O)",
        "'O'   | an array of Python objects (O)",
        "'<i4' | numbers of type <i4, read are <f2, <f4, <f8, >f4",
        "'>f8' | numbers of type >f8",
        "'<c8' | numbers of type <c8",
        "''    | numbers of type ,"
      })
  void testOtherTypesAreRefused(String descr, String expected) throws IOException {
    String message = refusal(NpyBytes.header(descr, false, 2, 3));
    assertTrue(message.startsWith(": " + expected), message);
    assertTrue(message.contains("float32"), message);
  }

  @Test
  void testStructuredArraysAreRefused() throws IOException {
    String message =
        refusal("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 3), }");
    assertTrue(message.contains("offset 20: not a .npy header: a structured array"), message);
  }

  @Test
  void testOtherShapesAreRefused() throws IOException {
    assertTrue(refusal(NpyBytes.header("<f4", false)).contains("shape () is no matrix"));
    assertTrue(refusal(NpyBytes.header("<f4", false, 6)).contains("shape (6,) is no matrix"));
    assertTrue(
        refusal(NpyBytes.header("<f4", false, 1, 2, 3)).contains("shape (1, 2, 3) is no matrix"));
    assertTrue(
        refusal(NpyBytes.header("<f4", false, 0, 3)).contains("shape (0, 3) holds no numbers"));
    assertTrue(
        refusal(NpyBytes.header("<f4", false, 3, 0)).contains("shape (3, 0) holds no numbers"));
  }

  @ParameterizedTest
  @CsvSource({
    "1000000000000, 256",
    "256, 1000000000000",
    "999999999999999999, 999999999999999999",
    "4294967296, 4294967296",
    "2147483648, 1",
    "3, 3"
  })
  void testShapesBeyondTheFileAreRefusedBeforeAnythingIsAllocated(long rows, long dims)
      throws IOException {
    String message = refusal(NpyBytes.header("<f4", false, rows, dims));
    assertTrue(
        message.contains("shape (" + rows + ", " + dims + ") of <f4 needs more than the 24 bytes"),
        message);
  }

  @Test
  void testLongHeadersAreRefused() throws IOException {
    String blanks = " ".repeat(1 << 16);
    String message =
        refusal(NpyBytes.file(2, NpyBytes.header("<f4", false, 2, 3) + blanks, new byte[24]));
    assertTrue(message.contains("at most 65536 are read"), message);
    byte[] huge = NpyBytes.file(3, NpyBytes.header("<f4", false, 2, 3), new byte[24]);
    Arrays.fill(huge, 8, 12, (byte) 0xff);
    assertTrue(refusal(huge).contains("a header of 4294967295 bytes"), refusal(huge));
  }

  @Test
  void testOtherVersionsAreRefused() throws IOException {
    byte[] bytes = NpyBytes.file(1, NpyBytes.header("<f4", false, 2, 3), new byte[24]);
    for (int[] version : new int[][] {{0, 0}, {4, 0}, {1, 1}, {255, 255}}) {
      bytes[6] = (byte) version[0];
      bytes[7] = (byte) version[1];
      assertTrue(
          refusal(bytes).contains("version " + version[0] + "." + version[1] + ", known are"),
          refusal(bytes));
    }
  }

  @Test
  void testWhatPeopleMistakeForAClipIsNamed() throws IOException {
    assertTrue(refusal("PK\3\4 zipped".getBytes("US-ASCII")).contains("archive; unpack it"));
    assertTrue(refusal("version https://git-lfs".getBytes("US-ASCII")).contains("Git LFS pointer"));
    assertTrue(refusal("IwFl and more".getBytes("US-ASCII")).contains("not a .npy file; give"));
    NpyException e = assertThrows(NpyException.class, () -> NpyReader.open(folder));
    assertEquals(folder + ": a folder, where a .npy file is needed", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}",
        "{\"shape\":(2,3,),\"fortran_order\":False,\"descr\":\"<f4\"}",
        " \t{ 'fortran_order' :\nFalse , 'descr' : '<f4' , 'shape' : ( 2 , 3 , ) , } \r\n",
      })
  void testHeadersOfTheGrammarAreRead(String header) throws IOException {
    Path file = save(NpyBytes.file(1, header, new byte[24]));
    try (NpyReader reader = NpyReader.open(file)) {
      assertEquals(
          new NpyHeader(NpyType.FLOAT32, false, 2, 3, 10 + header.length()), reader.header());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "0  | | expected '{', found the header's end",
        "0  | ['descr'] | expected '{', found '['",
        "2  | {} | the header needs the keys descr, fortran_order and shape",
        "1  | {descr: '<f4'} | expected a key in quotes, found 'd'",
        "1  | {'Descr': '<f4'} | unknown key \"Descr\"",
        "9  | {'descr' '<f4'} | expected ':', found '''",
        "17 | {'descr': '<f4', 'descr': '<f4'} | the key descr stands there twice",
        "16 | {'descr': '<f4' 'shape': (2, 3)} | expected '}', found '''",
        "10 | {'descr': <f4} | expected the name of a type in quotes, found '<'",
        "14 | {'descr': '<f4 | the quotes are not closed",
        "11 | {'descr': '\\x41'} | unexpected '\\' in quotes",
        "18 | {'fortran_order': false} | expected True or False, found 'f'",
        "10 | {'shape': [2, 3]} | expected '(', found '['",
        "11 | {'shape': (-2, 3)} | expected a length, found '-'",
        "12 | {'shape': (2)} | expected ',' after the only length, found ')'",
        "15 | {'shape': (2, 3L)} | expected ')', found 'L'",
        "11 | {'shape': (02, 3)} | a length of 2 digits that cannot be right",
        "11 | {'shape': (1000000000000000000, 3)} | a length of 19 digits",
        "11 | {'shape': (,)} | expected a length, found ','",
        "13 | {'shape': (2 * 3, 1)} | expected ',' after the only length, found '*'",
      })
  void testHeadersOutsideTheGrammarAreRefused(int position, String header, String problem)
      throws IOException {
    String message = refusal(header == null ? "" : header);
    assertTrue(
        message.startsWith(", offset " + (10 + position) + ": not a .npy header: " + problem),
        message);
    assertTrue(message.endsWith("write the file again with numpy.save"), message);
  }

  @Test
  void testTextAfterTheDictionaryIsRefused() throws IOException {
    String header = NpyBytes.header("<f4", false, 2, 3);
    assertTrue(refusal(header + " x").contains("unexpected 'x' after the dictionary"));
    assertTrue(refusal(header + "\0").contains("unexpected byte 0x0 after the dictionary"));
    assertTrue(refusal(header + "\u00e9").contains("unexpected byte 0xe9"));
  }

  @Test
  void testValuesThatAreNotFiniteFloatsAreNamedByRowAndColumn() throws IOException {
    double[] bad = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e39};
    for (double value : bad) {
      for (boolean fortran : new boolean[] {false, true}) {
        double[][] rows = new double[900][500];
        rows[777][321] = value;
        Path file =
            save(
                NpyBytes.file(
                    1,
                    NpyBytes.header("<f8", fortran, 900, 500),
                    NpyBytes.data(rows, NpyType.FLOAT64, fortran)));
        try (NpyReader reader = NpyReader.open(file)) {
          NpyException e = assertThrows(NpyException.class, reader::verify);
          String kind = Double.isNaN(value) ? "NaN" : "infinite or beyond the range of a float";
          assertEquals(
              file + ", row 777, column 321: " + kind + "; remove the file or extract it again",
              e.getMessage());
        }
      }
    }
  }

  /** Damaged files are refused in words, or what is opened fits the file: never anything else. */
  @Test
  void testFuzz() throws IOException {
    long seed = Long.getLong("tests.npy.seed", System.nanoTime());
    Random random = new Random(seed);
    int opened = 0;
    for (int i = 0; i < 5000; i++) {
      NpyType type = NpyType.values()[random.nextInt(4)];
      double[][] rows = halves(random, 1 + random.nextInt(4), 1 + random.nextInt(4));
      byte[] bytes =
          NpyBytes.file(
              1 + random.nextInt(3),
              NpyBytes.header(type.descr(), random.nextBoolean(), rows.length, rows[0].length),
              NpyBytes.data(rows, type, false));
      for (int change = random.nextInt(4); change >= 0; change--) {
        int at = random.nextInt(Math.min(bytes.length, 90));
        bytes[at] =
            (byte)
                (random.nextBoolean()
                    ? random.nextInt(256)
                    : "0123456789(),'{}".charAt(random.nextInt(16)));
      }
      Path file = save(Arrays.copyOf(bytes, bytes.length + random.nextInt(5) / 4));
      try (NpyReader reader = NpyReader.open(file)) {
        NpyHeader header = reader.header();
        assertEquals(
            Files.size(file) - header.dataOffset(),
            (long) header.rows() * header.dims() * header.type().size(),
            "seed " + seed);
        reader.verify();
        opened++;
      } catch (NpyException e) {
        assertTrue(e.getMessage().startsWith(file + ""), "seed " + seed);
      } catch (RuntimeException e) {
        throw new AssertionError("-Dtests.npy.seed=" + seed, e);
      }
    }
    assertTrue(opened > 50, "only " + opened + " files were intact enough, seed " + seed);
  }

  /** Whatever the bytes are: a sentence or numbers, never another failure. */
  @Test
  void testRandomBytesInHeadersNeverDoHarm() throws IOException {
    Random random = FuzzedBytes.random();
    double[][] rows = new double[20][7];
    List<byte[]> files = new ArrayList<>();
    for (int version = 1; version <= 3; version++) {
      for (NpyType type : NpyType.values()) {
        boolean fortran = random.nextBoolean();
        String header = NpyBytes.header(type.descr(), fortran, 20, 7);
        files.add(NpyBytes.file(version, header, NpyBytes.data(rows, type, fortran)));
      }
    }
    int[] taken = {0};
    for (int i = 0; i < FuzzedBytes.count(); i++) {
      byte[] whole = files.get(random.nextInt(files.size()));
      FuzzedBytes.of(whole, 80, random)
          .readWith(
              bytes -> {
                try (NpyReader reader = NpyReader.of(bytes)) {
                  assertEquals(reader.rows(), reader.readAll().length);
                  taken[0]++;
                } catch (NpyException e) {
                  assertTrue(e.getMessage().startsWith("fuzzed"), e::getMessage);
                }
              });
    }
    System.out.println(taken[0] + " matrices were still whole");
  }
}
