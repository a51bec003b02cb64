// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.NIOFSDirectory;
import org.apache.lucene.tests.util.LuceneTestCase;

/** Every kernel that exists here returns what {@link ScalarKernel} returns, bit for bit. */
public class TestFastScanKernels extends LuceneTestCase {
  private static final int[] MS = {1, 2, 3, 5, 8, 31, 32, 64, 127, 128, 520, 521, 1040, 1041, 2048};
  private static final int BLOCKS = 5;

  /** Bytes before the blocks, so that they are neither at the file's start nor aligned. */
  private static final int PREFIX = 37;

  private interface Check {
    void run(String where, IndexInput file, FastScanKernel kernel) throws IOException;
  }

  public void testScalarSumsAreSumsOfTableEntries() throws IOException {
    for (int M : MS) {
      RandomBlocks blocks = RandomBlocks.of(random(), BLOCKS, M);
      byte[] lut = RandomBlocks.lut(random(), M);
      try (Directory directory = new ByteBuffersDirectory();
          IndexInput in = write(directory, blocks)) {
        BlockScanner scanner = new ScalarKernel().scanner(blocks(in), M, lut, 1);
        short[] sums = new short[CodeBlocks.BLOCK];
        for (int i = 0; i < BLOCKS * CodeBlocks.BLOCK; i++) {
          scanner.sums(i / CodeBlocks.BLOCK, sums);
          assertEquals("M=" + M, blocks.sum(i, lut), sums[i % CodeBlocks.BLOCK]);
        }
      }
    }
  }

  public void testSumsEqualScalarForEveryM() throws IOException {
    for (int M : MS) {
      RandomBlocks blocks = RandomBlocks.of(random(), BLOCKS, M);
      byte[] random = RandomBlocks.lut(random(), M);
      byte[] maximal = new byte[M * 16];
      Arrays.fill(maximal, (byte) RandomBlocks.largestEntry(M));
      short[] expected = new short[CodeBlocks.BLOCK];
      short[] actual = new short[CodeBlocks.BLOCK];
      forEachDirectoryAndKernel(
          blocks,
          (where, in, kernel) -> {
            for (byte[] lut : List.of(random, maximal)) {
              BlockScanner scalar = new ScalarKernel().scanner(blocks(in), M, lut, 1);
              BlockScanner scanner = kernel.scanner(blocks(in), M, lut, 1);
              for (int b = 0; b < BLOCKS; b++) {
                scalar.sums(b, expected);
                scanner.sums(b, actual);
                assertArrayEquals(where + ", block " + b, expected, actual);
              }
            }
          });
    }
  }

  public void testLargestSumsStayWithinASignedShort() throws IOException {
    for (int M : MS) {
      RandomBlocks blocks = RandomBlocks.of(random(), 1, M);
      byte[] lut = new byte[M * 16];
      int entry = RandomBlocks.largestEntry(M);
      Arrays.fill(lut, (byte) entry);
      short[] sums = new short[CodeBlocks.BLOCK];
      short[] expected = new short[CodeBlocks.BLOCK];
      Arrays.fill(expected, (short) (M * entry));
      assertTrue("M=" + M, M * entry <= Short.MAX_VALUE);
      try (Directory directory = newMMapDirectory(1 << 30);
          IndexInput in = write(directory, blocks)) {
        for (String name : Kernels.available()) {
          Kernels.fastScan(name).scanner(blocks(in), M, lut, 1).sums(0, sums);
          assertArrayEquals(name + ", M=" + M, expected, sums);
        }
      }
    }
  }

  public void testSurvivorsEqualScalarForEveryM() throws IOException {
    for (int M : MS) {
      RandomBlocks blocks = RandomBlocks.of(random(), BLOCKS, M);
      byte[] lut = RandomBlocks.lut(random(), M);
      float scale = random().nextFloat();
      float base = (float) random().nextGaussian() * 10;
      float median = scale * RandomBlocks.largestEntry(M) * M / 2;
      float[] thresholds = {
        median, median / 2, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 0
      };
      List<long[]> masks = new ArrayList<>();
      masks.add(null);
      masks.add(random().longs(BLOCKS).toArray());
      masks.add(new long[] {0, -1, 0, 1, Long.MIN_VALUE});
      forEachDirectoryAndKernel(
          blocks,
          (where, in, kernel) -> {
            BlockScanner scalar = new ScalarKernel().scanner(blocks(in), M, lut, scale);
            BlockScanner scanner = kernel.scanner(blocks(in), M, lut, scale);
            for (long[] accept : masks) {
              for (float threshold : thresholds) {
                assertSameScan(
                    where + ", threshold " + threshold + ", accept " + Arrays.toString(accept),
                    out -> scalar.scan(0, BLOCKS, base, threshold, accept, out),
                    out -> scanner.scan(0, BLOCKS, base, threshold, accept, out));
              }
            }
            assertSameScan(
                where + ", blocks 2 and 3",
                out -> scalar.scan(2, 2, base, median, null, out),
                out -> scanner.scan(2, 2, base, median, null, out));
          });
    }
  }

  public void testInfiniteThresholdKeepsAllButPadding() throws IOException {
    int M = 8;
    RandomBlocks blocks = RandomBlocks.of(random(), BLOCKS, M);
    byte[] lut = RandomBlocks.lut(random(), M);
    forEachDirectoryAndKernel(
        blocks,
        (where, in, kernel) -> {
          Survivors out = new Survivors(BLOCKS * CodeBlocks.BLOCK);
          BlockScanner scanner = kernel.scanner(blocks(in), M, lut, 0.5f);
          scanner.scan(0, BLOCKS, 3, Float.POSITIVE_INFINITY, null, out);
          assertEquals(where, BLOCKS * CodeBlocks.BLOCK - 32, out.size);
          for (int i = 0; i < out.size; i++) {
            assertEquals(where, i, out.positions[i]);
            int block = i / CodeBlocks.BLOCK * CodeBlocks.blockBytes(M);
            float term = CodeBlocks.term(blocks.bytes(), block, i % CodeBlocks.BLOCK, M);
            float estimate = (3 + term) + 0.5f * blocks.sum(i, lut);
            assertEquals(where, estimate, out.distances[i], 0);
          }
        });
  }

  public void testScanAppends() throws IOException {
    RandomBlocks blocks = RandomBlocks.of(random(), BLOCKS, 4);
    byte[] lut = RandomBlocks.lut(random(), 4);
    forEachDirectoryAndKernel(
        blocks,
        (where, in, kernel) -> {
          Survivors out = new Survivors(128);
          out.positions[0] = -7;
          out.size = 1;
          BlockScanner scanner = kernel.scanner(blocks(in), 4, lut, 1);
          scanner.scan(1, 1, 0, Float.POSITIVE_INFINITY, new long[] {6}, out);
          assertEquals(where, 3, out.size);
          assertArrayEquals(where, new int[] {-7, 1, 2}, Arrays.copyOf(out.positions, 3));
        });
  }

  public void testTheCallersTableIsCopied() throws IOException {
    RandomBlocks blocks = RandomBlocks.of(random(), 1, 6);
    byte[] lut = RandomBlocks.lut(random(), 6);
    forEachDirectoryAndKernel(
        blocks,
        (where, in, kernel) -> {
          byte[] lent = lut.clone();
          BlockScanner scanner = kernel.scanner(blocks(in), 6, lent, 1);
          Arrays.fill(lent, (byte) 0);
          short[] sums = new short[CodeBlocks.BLOCK];
          scanner.sums(0, sums);
          assertEquals(where, blocks.sum(0, lut), sums[0]);
        });
  }

  public void testClosedFileGivesAlreadyClosed() throws IOException {
    RandomBlocks blocks = RandomBlocks.of(random(), BLOCKS, 16);
    byte[] lut = RandomBlocks.lut(random(), 16);
    Survivors out = new Survivors(BLOCKS * CodeBlocks.BLOCK);
    for (String name : Kernels.available()) {
      for (boolean scanBefore : new boolean[] {false, true}) {
        try (Directory directory = newMMapDirectory(1 << 30)) {
          IndexInput in = write(directory, blocks);
          BlockScanner scanner = Kernels.fastScan(name).scanner(blocks(in), 16, lut, 1);
          if (scanBefore) {
            scanner.scan(0, 2, 0, 1, null, out);
          }
          in.close();
          expectThrows(AlreadyClosedException.class, () -> scanner.scan(2, 2, 0, 1, null, out));
          expectThrows(
              AlreadyClosedException.class, () -> scanner.sums(0, new short[CodeBlocks.BLOCK]));
        }
      }
    }
  }

  private interface Scan {
    void into(Survivors out) throws IOException;
  }

  private static void assertSameScan(String where, Scan expectedScan, Scan actualScan)
      throws IOException {
    Survivors expected = new Survivors(BLOCKS * CodeBlocks.BLOCK);
    Survivors actual = new Survivors(BLOCKS * CodeBlocks.BLOCK);
    expectedScan.into(expected);
    actualScan.into(actual);
    assertEquals(where, expected.size, actual.size);
    assertArrayEquals(where, expected.positions, actual.positions);
    for (int i = 0; i < expected.size; i++) {
      int expectedBits = Float.floatToRawIntBits(expected.distances[i]);
      assertEquals(where, expectedBits, Float.floatToRawIntBits(actual.distances[i]));
    }
  }

  private static void forEachDirectoryAndKernel(RandomBlocks blocks, Check check)
      throws IOException {
    List<Directory> directories =
        List.of(
            newMMapDirectory(1 << 30),
            newMMapDirectory(4096),
            new NIOFSDirectory(createTempDir()),
            new ByteBuffersDirectory(),
            newDirectory());
    for (Directory directory : directories) {
      try (directory;
          IndexInput in = write(directory, blocks)) {
        for (String name : Kernels.available()) {
          String where = name + ", M=" + blocks.M() + ", " + directory;
          check.run(where, in, Kernels.fastScan(name));
        }
      }
    }
  }

  private static Directory newMMapDirectory(long chunk) throws IOException {
    return new MMapDirectory(createTempDir(), chunk);
  }

  /** Writes the blocks behind a prefix and opens the file. */
  private static IndexInput write(Directory directory, RandomBlocks blocks) throws IOException {
    try (IndexOutput out = directory.createOutput("blocks", IOContext.DEFAULT)) {
      out.writeBytes(new byte[PREFIX], PREFIX);
      out.writeBytes(blocks.bytes(), blocks.bytes().length);
    }
    return directory.openInput("blocks", IOContext.DEFAULT);
  }

  /** The blocks of a file from {@link #write}, for one scanner. */
  private static IndexInput blocks(IndexInput file) throws IOException {
    return file.slice("blocks", PREFIX, file.length() - PREFIX);
  }
}
