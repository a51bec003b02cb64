// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import com.sun.management.ThreadMXBean;
import dev.ivfpq.IvfPqFieldStats;
import dev.ivfpq.IvfPqParameters;
import dev.ivfpq.IvfPqVectorsFormat;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Random;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;

/**
 * A process of its own that says what an open reader keeps on the heap, with many small segments
 * with lists, and what a query allocates in a segment of some size.
 */
final class ReaderCost {
  private static final int SEGMENTS = 1000;
  private static final int SEGMENT_VECTORS = 40;
  private static final int VECTORS = 20_000;
  private static final int DIMS = 256;
  private static final int WARM_UP = 4000;
  private static final int ROUNDS = 8;
  private static final int QUERIES = 2000;

  private final Random random;

  private ReaderCost(long seed) {
    random = new Random(seed);
  }

  /** Arguments: folder, seed. */
  public static void main(String[] args) throws Exception {
    ReaderCost run = new ReaderCost(Long.parseLong(args[1]));
    try (Directory small = new MMapDirectory(Path.of(args[0], "small"));
        Directory large = new MMapDirectory(Path.of(args[0], "large"))) {
      System.out.println("bytes a segment=" + run.openReader(small));
      System.out.println("bytes a query=" + run.query(large));
    }
  }

  private long openReader(Directory directory) throws Exception {
    KnnVectorsFormat format =
        new IvfPqVectorsFormat(
            IvfPqParameters.DEFAULT
                .withExactBelow(4)
                .withMinVectorsPerList(2)
                .withMaxModelShare(1e9));
    write(directory, format, SEGMENTS * SEGMENT_VECTORS, SEGMENT_VECTORS, 16);
    // Classes and caches that a first reader brings with it are not what a segment costs.
    DirectoryReader.open(directory).close();
    long before = used();
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      long bytes = (used() - before) / SEGMENTS;
      if (reader.leaves().size() != SEGMENTS) {
        throw new AssertionError(reader.leaves().size() + " segments");
      }
      for (var leaf : reader.leaves()) {
        if (IvfPqFieldStats.of(leaf.reader(), "v").orElseThrow().nlist() < 2) {
          throw new AssertionError("a segment without lists");
        }
      }
      return bytes;
    }
  }

  private long query(Directory directory) throws Exception {
    write(directory, new IvfPqVectorsFormat(), VECTORS, VECTORS, DIMS);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      IndexSearcher searcher = new IndexSearcher(reader);
      searcher.setQueryCache(null);
      for (int i = 0; i < WARM_UP; i++) {
        searcher.search(new KnnFloatVectorQuery("v", vector(DIMS), 10), 10);
      }
      float[] target = vector(DIMS);
      // Vectors are objects until the compiler is done, which a busy machine puts off.
      long least = Long.MAX_VALUE;
      for (int round = 0; round < ROUNDS; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < QUERIES; i++) {
          searcher.search(new KnnFloatVectorQuery("v", target, 10), 10);
        }
        least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / QUERIES);
      }
      return least;
    }
  }

  private void write(Directory directory, KnnVectorsFormat format, int n, int flush, int dims)
      throws Exception {
    IndexWriterConfig config =
        new IndexWriterConfig(null)
            .setMergePolicy(NoMergePolicy.INSTANCE)
            .setMaxBufferedDocs(flush)
            .setRAMBufferSizeMB(IndexWriterConfig.DISABLE_AUTO_FLUSH)
            .setUseCompoundFile(false)
            .setCodec(
                new Lucene104Codec() {
                  @Override
                  public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                    return format;
                  }
                });
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (int i = 0; i < n; i++) {
        Document document = new Document();
        document.add(new KnnFloatVectorField("v", vector(dims)));
        writer.addDocument(document);
      }
    }
  }

  /** In clusters, with a spectrum that falls, as that of speech does. */
  private float[] vector(int dims) {
    Random centre = new Random(random.nextInt(200));
    float[] vector = new float[dims];
    for (int j = 0; j < dims; j++) {
      double value = 8 * centre.nextGaussian() + 4 * random.nextGaussian();
      vector[j] = (float) (value / Math.sqrt(1 + j));
    }
    return vector;
  }

  private static long used() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(50);
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
