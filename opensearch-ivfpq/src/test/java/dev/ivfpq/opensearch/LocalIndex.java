// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import dev.ivfpq.IvfPqSearchParameters;
import dev.ivfpq.IvfPqVectorsFormat;
import dev.ivfpq.opensearch.Voices.Frame;
import dev.ivfpq.opensearch.VoicesIndex.Hit;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;

/** The same frames in one segment of a Lucene index of our own. */
final class LocalIndex implements Closeable {
  private final Directory directory;
  private final DirectoryReader reader;
  private final IndexSearcher searcher;

  private LocalIndex(Directory directory) throws IOException {
    this.directory = directory;
    this.reader = DirectoryReader.open(directory);
    this.searcher = new IndexSearcher(reader);
  }

  static LocalIndex of(List<Frame> frames) throws IOException {
    Directory directory = new ByteBuffersDirectory();
    KnnVectorsFormat format = new IvfPqVectorsFormat();
    IndexWriterConfig config =
        new IndexWriterConfig()
            .setCodec(
                new Lucene104Codec() {
                  @Override
                  public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                    return format;
                  }
                });
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (Frame frame : frames) {
        Document document = new Document();
        document.add(new StoredField("id", frame.id()));
        document.add(new KnnFloatVectorField("frame", frame.vector()));
        writer.addDocument(document);
      }
      writer.forceMerge(1);
    }
    return new LocalIndex(directory);
  }

  /** The k nearest, with all lists scanned and everything re-ranked. */
  List<Hit> exact(float[] vector, int k) throws IOException {
    IvfPqSearchParameters everything =
        IvfPqSearchParameters.DEFAULT.withNprobe(1_000_000).withKFactor(1e6f);
    List<Hit> hits = new ArrayList<>();
    KnnFloatVectorQuery query = new KnnFloatVectorQuery("frame", vector, k, null, everything);
    for (ScoreDoc hit : searcher.search(query, k).scoreDocs) {
      hits.add(new Hit(searcher.storedFields().document(hit.doc).get("id"), hit.score));
    }
    return hits;
  }

  @Override
  public void close() throws IOException {
    reader.close();
    directory.close();
  }
}
