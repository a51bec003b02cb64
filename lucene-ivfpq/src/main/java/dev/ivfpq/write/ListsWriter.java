// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.write;

import dev.ivfpq.disk.FileNames;
import dev.ivfpq.disk.ListDirectory;
import dev.ivfpq.kernel.CodeBlocks;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.util.ArrayUtil;
import org.apache.lucene.util.IORunnable;
import org.apache.lucene.util.IOUtils;
import org.apache.lucene.util.packed.DirectWriter;

/**
 * Puts the lists of all sources together and appends them to the lists file: blocks, directory,
 * ordinals, members. FORMAT.md, "Lists".
 *
 * <p>Heap: 8 bytes a vector of the fullest list, what the sources need, and up to 2 bytes a vector
 * for at most {@value #WINDOW} of them at a time ({@link ListMembers}).
 */
final class ListsWriter {
  private static final int WINDOW = 1 << 24;

  private final List<? extends ListSource> sources;
  private final int nlist;
  private final int M;
  private final int window;
  private final IORunnable checkAborted;

  /**
   * @param sources of vectors that have different ordinals
   * @param M number of sub-quantizers; 0 writes ordinals only
   * @param checkAborted called before every list
   */
  ListsWriter(List<? extends ListSource> sources, int nlist, int M, IORunnable checkAborted) {
    this(sources, nlist, M, WINDOW, checkAborted);
  }

  /**
   * The same.
   *
   * @param window vectors whose lists are on the heap at once; those beyond take another pass over
   *     the sources each time
   */
  ListsWriter(
      List<? extends ListSource> sources, int nlist, int M, int window, IORunnable checkAborted) {
    this.sources = sources;
    this.nlist = nlist;
    this.M = M;
    this.window = window;
    this.checkAborted = checkAborted;
  }

  /**
   * What was written.
   *
   * @param offset in the file
   * @param length in bytes
   * @param blocks number of blocks
   * @param vectors number of vectors
   */
  record Written(long offset, long length, int blocks, int vectors) {}

  Written write(IndexOutput out, int ordinalBits) throws IOException {
    long offset = out.alignFilePointer(FileNames.ALIGNMENT);
    int[] sizes = writeBlocks(out);
    ListDirectory.write(out, sizes);
    long blocks = 0;
    long vectors = 0;
    for (int size : sizes) {
      blocks += blocks(size);
      vectors += size;
    }
    ListMembers members = new ListMembers(Math.toIntExact(vectors), nlist, window);
    writeOrdinals(out, blocks * CodeBlocks.BLOCK, ordinalBits, members);
    writeMembers(out, members);
    return new Written(
        offset, out.getFilePointer() - offset, Math.toIntExact(blocks), Math.toIntExact(vectors));
  }

  private static int blocks(int size) {
    return (size + CodeBlocks.BLOCK - 1) / CodeBlocks.BLOCK;
  }

  /** Returns the number of vectors in each list. */
  private int[] writeBlocks(IndexOutput out) throws IOException {
    int[] sizes = new int[nlist];
    byte[] block = new byte[CodeBlocks.blockBytes(M)];
    try (Merged lists = new Merged()) {
      for (int list = 0; list < nlist; list++) {
        sizes[list] = lists.load(list);
        for (int from = 0; M > 0 && from < sizes[list]; from += CodeBlocks.BLOCK) {
          CodeBlocks.clear(block, 0, M);
          int to = Math.min(sizes[list], from + CodeBlocks.BLOCK);
          for (int i = from; i < to; i++) {
            lists.copyTo(i, block, i - from);
          }
          out.writeBytes(block, block.length);
        }
      }
    }
    return sizes;
  }

  /** Fills {@code members} on the way. */
  private void writeOrdinals(IndexOutput out, long slots, int ordinalBits, ListMembers members)
      throws IOException {
    DirectWriter writer = DirectWriter.getInstance(out, slots, ordinalBits);
    try (Merged lists = new Merged()) {
      for (int list = 0; list < nlist; list++) {
        int size = lists.load(list);
        for (int i = 0; i < blocks(size) * CodeBlocks.BLOCK; i++) {
          writer.add(i < size ? lists.ordinal(i) : 0);
          if (i < size) {
            members.set(lists.ordinal(i), list);
          }
        }
      }
    }
    writer.finish();
  }

  /**
   * Writes the list of each vector, by ordinal.
   *
   * @param members filled for its first window
   */
  private void writeMembers(IndexOutput out, ListMembers members) throws IOException {
    members.write(out);
    while (members.nextWindow()) {
      try (Merged lists = new Merged()) {
        for (int list = 0; list < nlist; list++) {
          int size = lists.load(list);
          for (int i = 0; i < size; i++) {
            members.set(lists.ordinal(i), list);
          }
        }
      }
      members.write(out);
    }
  }

  /** A pass over all sources at once, each list's vectors by ascending ordinal. */
  private final class Merged implements Closeable {
    private final List<ListSource.Pass> passes = new ArrayList<>();

    /** First position of each source's vectors among those of the list; their number at the end. */
    private final int[] starts = new int[sources.size() + 1];

    /** Ordinal in the high half, position in the low half. */
    private long[] keys = {};

    Merged() throws IOException {
      try {
        for (ListSource source : sources) {
          passes.add(source.open());
        }
      } catch (Throwable t) {
        IOUtils.closeWhileSuppressingExceptions(t, passes);
        throw t;
      }
    }

    int load(int list) throws IOException {
      checkAborted.run();
      int size = 0;
      boolean ascending = true;
      for (int source = 0; source < passes.size(); source++) {
        ListSource.Pass pass = passes.get(source);
        starts[source] = size;
        int count = pass.load(list);
        keys = ArrayUtil.grow(keys, Math.addExact(size, count));
        for (int i = 0; i < count; i++) {
          keys[size] = (long) pass.ordinal(i) << 32 | size;
          ascending &= size == 0 || keys[size] > keys[size - 1];
          size++;
        }
      }
      starts[passes.size()] = size;
      // Only an index sort interleaves segments.
      if (!ascending) {
        Arrays.sort(keys, 0, size);
      }
      return size;
    }

    int ordinal(int i) {
      return (int) (keys[i] >>> 32);
    }

    void copyTo(int i, byte[] block, int slot) throws IOException {
      int position = (int) keys[i];
      int source = 0;
      while (starts[source + 1] <= position) {
        source++;
      }
      passes.get(source).copyTo(position - starts[source], block, slot);
    }

    @Override
    public void close() throws IOException {
      IOUtils.close(passes);
    }
  }
}
