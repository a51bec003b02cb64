// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.write;

import dev.ivfpq.disk.FileNames;
import dev.ivfpq.disk.ListDirectory;
import dev.ivfpq.kernel.CodeBlocks;
import java.io.IOException;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.util.IORunnable;
import org.apache.lucene.util.packed.DirectWriter;

/**
 * Groups encoded vectors by list and appends them to the lists file: blocks, directory, ordinals.
 * FORMAT.md, "Lists".
 *
 * <p>Heap: 4 bytes a vector for at most {@value #WINDOW} vectors at a time. A larger field is
 * written in several windows of lists, each with a pass over the records' list numbers.
 */
final class ListsWriter {
  private static final int WINDOW = 1 << 24;

  private final EncodedVectors encoded;
  private final int M;
  private final IORunnable checkAborted;

  ListsWriter(EncodedVectors encoded, int M, IORunnable checkAborted) {
    this.encoded = encoded;
    this.M = M;
    this.checkAborted = checkAborted;
  }

  /**
   * What was written.
   *
   * @param offset in the file
   * @param length in bytes
   * @param blocks number of blocks
   */
  record Written(long offset, long length, int blocks) {}

  Written write(IndexOutput out, int ordinalBits) throws IOException {
    long offset = out.alignFilePointer(FileNames.ALIGNMENT);
    int[] sizes = encoded.listSizes();
    if (M > 0) {
      writeBlocks(out);
    }
    ListDirectory.write(out, sizes);
    long slots = 0;
    for (int size : sizes) {
      slots += (long) blocks(size) * CodeBlocks.BLOCK;
    }
    writeOrdinals(out, slots, ordinalBits);
    return new Written(
        offset, out.getFilePointer() - offset, Math.toIntExact(slots / CodeBlocks.BLOCK));
  }

  private static int blocks(int size) {
    return (size + CodeBlocks.BLOCK - 1) / CodeBlocks.BLOCK;
  }

  private void writeBlocks(IndexOutput out) throws IOException {
    byte[] block = new byte[CodeBlocks.blockBytes(M)];
    try (EncodedVectors.Records records = encoded.open()) {
      forEachBlock(
          (ordinals, from, to) -> {
            CodeBlocks.clear(block, 0, M);
            for (int i = from; i < to; i++) {
              records.copyTo(ordinals[i], block, i - from, M);
            }
            out.writeBytes(block, block.length);
          });
    }
  }

  private void writeOrdinals(IndexOutput out, long slots, int ordinalBits) throws IOException {
    DirectWriter writer = DirectWriter.getInstance(out, slots, ordinalBits);
    forEachBlock(
        (ordinals, from, to) -> {
          for (int i = from; i < from + CodeBlocks.BLOCK; i++) {
            writer.add(i < to ? ordinals[i] : 0);
          }
        });
    writer.finish();
  }

  /** The vectors of one block: {@code ordinals[from]} to {@code ordinals[to - 1]}, ascending. */
  @FunctionalInterface
  private interface BlockConsumer {
    void accept(int[] ordinals, int from, int to) throws IOException;
  }

  private void forEachBlock(BlockConsumer consumer) throws IOException {
    int[] sizes = encoded.listSizes();
    int firstList = 0;
    while (firstList < sizes.length) {
      int endList = firstList;
      int size = 0;
      while (endList < sizes.length && (size == 0 || size + sizes[endList] <= WINDOW)) {
        size += sizes[endList++];
      }
      int[] ordinals = grouped(firstList, endList, size);
      int from = 0;
      for (int list = firstList; list < endList; list++) {
        int end = from + sizes[list];
        while (from < end) {
          int to = Math.min(end, from + CodeBlocks.BLOCK);
          consumer.accept(ordinals, from, to);
          from = to;
        }
        checkAborted.run();
      }
      firstList = endList;
    }
  }

  /** Ordinals of the lists {@code firstList} to {@code endList - 1}, list after list. */
  private int[] grouped(int firstList, int endList, int size) throws IOException {
    int[] sizes = encoded.listSizes();
    int[] next = new int[endList - firstList];
    for (int list = firstList; list < endList - 1; list++) {
      next[list - firstList + 1] = next[list - firstList] + sizes[list];
    }
    int[] ordinals = new int[size];
    try (EncodedVectors.Records records = encoded.open()) {
      for (int ordinal = 0; ordinal < encoded.size(); ordinal++) {
        int list = records.list(ordinal);
        if (list >= firstList && list < endList) {
          ordinals[next[list - firstList]++] = ordinal;
        }
      }
    }
    return ordinals;
  }
}
