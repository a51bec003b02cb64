// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

import dev.ivfpq.kernel.CodeBlocks;
import java.io.IOException;
import java.util.SplittableRandom;
import org.apache.lucene.store.IndexInput;

/** Blocks of random codes and terms in a mapped file, and a table to scan them with. */
final class BlockSet implements AutoCloseable {
  /** Blocks that are scanned by one call. */
  static final int RUN = 8;

  /** Distance of one table unit. */
  static final float SCALE = 0.01f;

  private final int M;
  private final int count;
  private final byte[] lut;
  private final MappedFile file;

  private BlockSet(int M, int count, byte[] lut, MappedFile file) {
    this.M = M;
    this.count = count;
    this.lut = lut;
    this.file = file;
  }

  /** Writes as many whole runs as there is room for. */
  static BlockSet of(int M, Where where) throws IOException {
    SplittableRandom random = new SplittableRandom(M);
    byte[] lut = new byte[M * 16];
    for (int i = 0; i < lut.length; i++) {
      lut[i] = (byte) random.nextInt(64);
    }
    int count = where.bytes / (RUN * CodeBlocks.blockBytes(M)) * RUN;
    byte[] block = new byte[CodeBlocks.blockBytes(M)];
    MappedFile file =
        MappedFile.of(
            out -> {
              for (int b = 0; b < count; b++) {
                random.nextBytes(block);
                for (int slot = 0; slot < CodeBlocks.BLOCK; slot++) {
                  CodeBlocks.putTerm(block, 0, slot, random.nextInt(1 << 20) * 0x1p-16f, M);
                }
                out.writeBytes(block, block.length);
              }
            });
    return new BlockSet(M, count, lut, file);
  }

  /** Number of sub-quantizers. */
  int M() {
    return M;
  }

  /** Number of blocks, a multiple of {@link #RUN}. */
  int count() {
    return count;
  }

  /** The table (M, 16), shared. */
  byte[] lut() {
    return lut;
  }

  /** The mapped blocks, for one reader. */
  IndexInput input() {
    return file.input();
  }

  /** First block of the run after the one that starts at {@code first}, or 0 at the end. */
  int runAfter(int first) {
    int next = first + RUN;
    return next == count ? 0 : next;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
