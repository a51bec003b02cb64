// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FilterDirectoryReader;
import org.apache.lucene.index.FilterLeafReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.KnnCollector;

/** Adds up the vectors that searches visit, whatever query they come from. */
final class VisitCounter extends FilterDirectoryReader {
  private final AtomicLong visited;

  VisitCounter(DirectoryReader in) throws IOException {
    this(in, new AtomicLong());
  }

  private VisitCounter(DirectoryReader in, AtomicLong visited) throws IOException {
    super(
        in,
        new SubReaderWrapper() {
          @Override
          public LeafReader wrap(LeafReader reader) {
            return new Leaf(reader, visited);
          }
        });
    this.visited = visited;
  }

  /** Vectors visited since the last call. */
  long take() {
    return visited.getAndSet(0);
  }

  @Override
  protected DirectoryReader doWrapDirectoryReader(DirectoryReader in) throws IOException {
    return new VisitCounter(in, visited);
  }

  @Override
  public CacheHelper getReaderCacheHelper() {
    return in.getReaderCacheHelper();
  }

  private static final class Leaf extends FilterLeafReader {
    private final AtomicLong visited;

    Leaf(LeafReader in, AtomicLong visited) {
      super(in);
      this.visited = visited;
    }

    @Override
    public void searchNearestVectors(
        String field, float[] target, KnnCollector collector, AcceptDocs acceptDocs)
        throws IOException {
      long before = collector.visitedCount();
      in.searchNearestVectors(field, target, collector, acceptDocs);
      visited.addAndGet(collector.visitedCount() - before);
    }

    @Override
    public CacheHelper getCoreCacheHelper() {
      return in.getCoreCacheHelper();
    }

    @Override
    public CacheHelper getReaderCacheHelper() {
      return in.getReaderCacheHelper();
    }
  }
}
