// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.IOException;
import org.apache.lucene.index.DirectoryReader;

/**
 * What a store's files take, in bytes.
 *
 * @param vectors the frames themselves
 * @param lists what they are searched by: lists, codes and models
 * @param other names, places and the rest
 */
public record FileSizes(long vectors, long lists, long other) {
  private static final String VECTORS = ".vec";
  private static final String LISTS = ".ivf";

  /** All of them. */
  public long total() {
    return vectors + lists + other;
  }

  static FileSizes of(DirectoryReader reader) throws IOException {
    long vectors = 0;
    long lists = 0;
    long other = 0;
    for (String file : reader.getIndexCommit().getFileNames()) {
      long length = reader.directory().fileLength(file);
      if (file.endsWith(VECTORS)) {
        vectors += length;
      } else if (file.contains(LISTS)) {
        lists += length;
      } else {
        other += length;
      }
    }
    return new FileSizes(vectors, lists, other);
  }
}
