// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import dev.ivfpq.disk.ListDirectory;
import dev.ivfpq.kernel.CodeBlocks;
import dev.ivfpq.search.IvfPqVectorsReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.index.LeafReader;

/**
 * How one segment's vectors of one field are spread over the lists.
 *
 * @param sizes number of vectors in each list, deleted ones included; at least one list
 * @param blocks number of blocks that hold their codes; each list begins with a block of its own
 */
public record IvfPqListStats(List<Integer> sizes, int blocks) {
  /** Vectors that a block has room for. */
  public static final int BLOCK = CodeBlocks.BLOCK;

  /** Takes a copy. */
  public IvfPqListStats {
    sizes = List.copyOf(sizes);
  }

  /**
   * The lists of {@code field}; empty if the segment is scanned exactly or holds no such field of
   * this format.
   *
   * @throws IOException if reading fails or the directory of the lists is corrupt
   */
  public static Optional<IvfPqListStats> of(LeafReader leaf, String field) throws IOException {
    IvfPqVectorsReader ours = LeafVectors.of(leaf, field);
    if (ours == null || ours.meta(field).lists() == null) {
      return Optional.empty();
    }
    ListDirectory directory = ours.lists(field).directory();
    List<Integer> sizes = new ArrayList<>();
    for (int list = 0; list < ours.meta(field).lists().nlist(); list++) {
      sizes.add(directory.entry(list).size());
    }
    return Optional.of(new IvfPqListStats(sizes, ours.meta(field).lists().blocks()));
  }

  /**
   * faiss's imbalance factor, {@code nlist * sum(size^2) / n^2}: how many times as many vectors a
   * query scans as it would if all lists had one size. 1 is perfect.
   */
  public double imbalance() {
    double n = n();
    return sizes.size() * sizes.stream().mapToDouble(size -> (double) size * size).sum() / (n * n);
  }

  /** Share of the blocks' places that hold a vector. */
  public double blockFill() {
    return (double) n() / ((long) blocks * BLOCK);
  }

  private long n() {
    return sizes.stream().mapToLong(Integer::longValue).sum();
  }
}
