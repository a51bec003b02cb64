// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

import dev.ivfpq.kernel.BlockScanner;
import dev.ivfpq.kernel.CodeBlocks;
import dev.ivfpq.kernel.FastScanKernel;
import dev.ivfpq.kernel.ScalarKernel;
import dev.ivfpq.kernel.Survivors;
import java.io.IOException;
import java.util.Arrays;

/** Compares a kernel with the scalar one, bit for bit. */
final class ScanCheck {
  private static final float BASE = 1;

  private final String name;
  private final BlockScanner scanner;
  private final BlockScanner definition;
  private final BlockSet blocks;

  ScanCheck(FastScanKernel kernel, BlockSet blocks) {
    this.name = kernel.name();
    this.scanner = scanner(kernel, blocks);
    this.definition = scanner(new ScalarKernel(), blocks);
    this.blocks = blocks;
  }

  private static BlockScanner scanner(FastScanKernel kernel, BlockSet blocks) {
    return kernel.scanner(blocks.input(), blocks.M(), blocks.lut(), BlockSet.SCALE);
  }

  /**
   * Sums and survivors of {@code count} blocks, evenly spread.
   *
   * @throws IllegalStateException if one differs
   */
  void run(int count) throws IOException {
    int checked = Math.min(count, blocks.count());
    for (int i = 0; i < checked; i++) {
      int block = (int) ((long) i * blocks.count() / checked);
      short[] expected = new short[CodeBlocks.BLOCK];
      short[] actual = new short[CodeBlocks.BLOCK];
      definition.sums(block, expected);
      scanner.sums(block, actual);
      if (!Arrays.equals(expected, actual)) {
        throw differs(block, "sums", Arrays.toString(expected), Arrays.toString(actual));
      }
      float middle = median(block);
      compareSurvivors(block, middle);
      compareSurvivors(block, Float.NEGATIVE_INFINITY);
      compareSurvivors(block, Float.POSITIVE_INFINITY);
    }
  }

  private float median(int block) throws IOException {
    Survivors all = survivors(definition, block, Float.POSITIVE_INFINITY);
    float[] sorted = Arrays.copyOf(all.distances, all.size);
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private void compareSurvivors(int block, float threshold) throws IOException {
    String expected = text(survivors(definition, block, threshold));
    String actual = text(survivors(scanner, block, threshold));
    if (!expected.equals(actual)) {
      throw differs(block, "survivors below " + threshold, expected, actual);
    }
  }

  private static Survivors survivors(BlockScanner scanner, int block, float threshold)
      throws IOException {
    Survivors survivors = new Survivors(CodeBlocks.BLOCK);
    scanner.scan(block, 1, BASE, threshold, null, survivors);
    return survivors;
  }

  /** Floats print as many digits as tell them from their neighbours. */
  private static String text(Survivors survivors) {
    return Arrays.toString(Arrays.copyOf(survivors.positions, survivors.size))
        + Arrays.toString(Arrays.copyOf(survivors.distances, survivors.size));
  }

  private IllegalStateException differs(int block, String what, String expected, String actual) {
    return new IllegalStateException(
        "kernel %s, M=%d, block %d: %s are %s, the scalar kernel's %s"
            .formatted(name, blocks.M(), block, what, actual, expected));
  }
}
