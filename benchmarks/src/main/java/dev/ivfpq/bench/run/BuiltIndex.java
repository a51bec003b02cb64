// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import dev.ivfpq.IvfPqFieldStats;
import dev.ivfpq.bench.data.VectorSet;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexFileNames;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.IOUtils;

/**
 * One index over the base vectors: document i is row i. Written and merged by the calling thread
 * alone, so that build times are of one thread.
 */
public final class BuiltIndex implements Closeable {
  private static final String RAW = "vec";

  private static final String GRAPH = "vex";

  /** Of every index, whatever the vectors' format. */
  private static final Set<String> NOT_OF_VECTORS =
      Set.of("si", "fnm", "fdt", "fdx", "fdm", "lock", "");

  private final IndexKind kind;
  private final Directory directory;
  private final DirectoryReader reader;
  private final IndexSearcher searcher;
  private final double indexSeconds;
  private final double forceMergeSeconds;

  private BuiltIndex(
      IndexKind kind, Directory directory, double indexSeconds, double forceMergeSeconds)
      throws IOException {
    this.kind = kind;
    this.directory = directory;
    this.indexSeconds = indexSeconds;
    this.forceMergeSeconds = forceMergeSeconds;
    this.reader = DirectoryReader.open(directory);
    this.searcher = new IndexSearcher(reader);
    searcher.setQueryCache(null);
  }

  /**
   * Builds the index.
   *
   * @param folder is made
   * @param segments 1: merged into one; more: about as many, of equal size, never merged
   */
  public static BuiltIndex build(
      Path folder, IndexKind kind, VectorSet base, Distance distance, int segments)
      throws IOException {
    IndexWriterConfig config = kind.writerConfig(base.size(), segments);
    Directory directory = FSDirectory.open(folder);
    try {
      long start = System.nanoTime();
      long indexed;
      try (IndexWriter writer = new IndexWriter(directory, config)) {
        for (float[] row : base.rows()) {
          Document document = new Document();
          document.add(new KnnFloatVectorField(Setting.FIELD, row, distance.lucene()));
          writer.addDocument(document);
        }
        writer.commit();
        indexed = System.nanoTime();
        if (segments == 1) {
          writer.forceMerge(1);
        }
      }
      double merging = segments == 1 ? (System.nanoTime() - indexed) / 1e9 : 0;
      return new BuiltIndex(kind, directory, (indexed - start) / 1e9, merging);
    } catch (Throwable t) {
      IOUtils.closeWhileHandlingException(directory);
      throw t;
    }
  }

  IndexKind kind() {
    return kind;
  }

  /** Searches it, without a cache. */
  public IndexSearcher searcher() {
    return searcher;
  }

  /** Seconds from the first document to the commit. */
  public double indexSeconds() {
    return indexSeconds;
  }

  /** Seconds that merging into one segment took then. */
  public double forceMergeSeconds() {
    return forceMergeSeconds;
  }

  int segments() {
    return reader.leaves().size();
  }

  int size() {
    return reader.maxDoc();
  }

  /** The most lists that a segment has; 0 for other formats and where all are scanned exactly. */
  int nlist() {
    int most = 0;
    for (LeafReaderContext leaf : reader.leaves()) {
      most =
          Math.max(
              most,
              IvfPqFieldStats.of(leaf.reader(), Setting.FIELD)
                  .map(IvfPqFieldStats::nlist)
                  .orElse(0));
    }
    return most;
  }

  /** Bytes of all files. */
  long bytes() throws IOException {
    long bytes = 0;
    for (String file : directory.listAll()) {
      bytes += directory.fileLength(file);
    }
    return bytes;
  }

  /** Bytes of the vectors' files but the raw vectors themselves, a vector: model, codes, graph. */
  double bytesPerVectorBesideRaw() throws IOException {
    long bytes = 0;
    for (String file : directory.listAll()) {
      String extension = IndexFileNames.getExtension(file);
      if (extension != null && !NOT_OF_VECTORS.contains(extension) && !extension.equals(RAW)) {
        bytes += directory.fileLength(file);
      }
    }
    return (double) bytes / size();
  }

  /** Bytes of raw vectors and codes, luceneutil's vec_disk: everything but the graph. */
  long vectorBytesOnDisk() throws IOException {
    return offHeap().entrySet().stream()
        .filter(part -> !part.getKey().equals(GRAPH))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /**
   * Bytes that should stay in memory, luceneutil's vec_RAM: codes where there are some, the raw
   * vectors where not; without the graph.
   */
  long vectorBytesInMemory() throws IOException {
    Map<String, Long> parts = offHeap();
    parts.remove(GRAPH);
    if (parts.size() > 1) {
      parts.remove(RAW);
    }
    return parts.values().stream().mapToLong(Long::longValue).sum();
  }

  private Map<String, Long> offHeap() throws IOException {
    Map<String, Long> parts = new HashMap<>();
    for (LeafReaderContext leaf : reader.leaves()) {
      KnnVectorsReader vectors = ((CodecReader) leaf.reader()).getVectorReader();
      if (vectors instanceof PerFieldKnnVectorsFormat.FieldsReader perField) {
        vectors = perField.getFieldReader(Setting.FIELD);
      }
      vectors
          .getOffHeapByteSize(leaf.reader().getFieldInfos().fieldInfo(Setting.FIELD))
          .forEach((part, bytes) -> parts.merge(part, bytes, Long::sum));
    }
    parts.values().removeIf(bytes -> bytes == 0);
    return parts;
  }

  @Override
  public void close() throws IOException {
    IOUtils.close(reader, directory);
  }
}
