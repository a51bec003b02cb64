// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.demo;

import dev.ivfpq.rvc.StoreLayout;
import dev.ivfpq.rvc.StoreSearchers;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.IOUtils;

/** The store's vectors under Lucene's HNSW, in one segment, the documents in the same order. */
final class HnswIndex implements Closeable {
  /** Lucene's own default. */
  private static final int BEAM_WIDTH = Lucene99HnswVectorsFormat.DEFAULT_BEAM_WIDTH;

  private final int maxConn;
  private final Directory directory;
  private final DirectoryReader reader;
  private final IndexSearcher searcher;

  private HnswIndex(int maxConn, Directory directory, DirectoryReader reader) {
    this.maxConn = maxConn;
    this.directory = directory;
    this.reader = reader;
    this.searcher = new StoreSearchers().newSearcher(reader, null);
  }

  /**
   * Builds the index.
   *
   * @param folder is made
   * @param maxConn the graph's M
   * @param vectors by document
   * @param speakers by document
   */
  static HnswIndex build(Path folder, int maxConn, float[][] vectors, String[] speakers)
      throws IOException {
    KnnVectorsFormat hnsw = new Lucene99HnswVectorsFormat(maxConn, BEAM_WIDTH);
    Directory directory = FSDirectory.open(folder);
    try {
      IndexWriterConfig config =
          new IndexWriterConfig(null)
              .setMergePolicy(new LogDocMergePolicy())
              .setUseCompoundFile(false)
              .setCodec(
                  new Lucene104Codec() {
                    @Override
                    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                      return hnsw;
                    }
                  });
      try (IndexWriter writer = new IndexWriter(directory, config)) {
        for (int doc = 0; doc < vectors.length; doc++) {
          Document document = new Document();
          document.add(
              new KnnFloatVectorField(
                  StoreLayout.vectorField(vectors[doc].length),
                  vectors[doc],
                  VectorSimilarityFunction.EUCLIDEAN));
          document.add(new StringField(StoreLayout.SPEAKER, speakers[doc], Field.Store.NO));
          writer.addDocument(document);
        }
        writer.forceMerge(1);
      }
      return new HnswIndex(maxConn, directory, DirectoryReader.open(directory));
    } catch (Throwable t) {
      IOUtils.closeWhileHandlingException(directory);
      throw t;
    }
  }

  /** The graph's M. */
  int maxConn() {
    return maxConn;
  }

  IndexSearcher searcher() {
    return searcher;
  }

  @Override
  public void close() throws IOException {
    IOUtils.close(reader, directory);
  }
}
