// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import dev.ivfpq.IvfPqVectorsFormat;
import java.util.Random;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.store.ByteBuffersDirectory;

/** An application that has our jar on its class path: indexes with Lucene's format, then ours. */
final class Bystander {
  private Bystander() {}

  /** No arguments. */
  public static void main(String[] args) throws Exception {
    System.out.println("hnsw: " + search(new Lucene99HnswVectorsFormat()) + " hits");
    System.out.println("ivfpq: " + search(new IvfPqVectorsFormat()) + " hits");
  }

  private static int search(KnnVectorsFormat format) throws Exception {
    IndexWriterConfig config =
        new IndexWriterConfig(null)
            .setCodec(
                new Lucene104Codec() {
                  @Override
                  public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                    return format;
                  }
                });
    Random random = new Random(1);
    try (ByteBuffersDirectory directory = new ByteBuffersDirectory()) {
      try (IndexWriter writer = new IndexWriter(directory, config)) {
        for (int i = 0; i < 3000; i++) {
          float[] vector = new float[16];
          for (int j = 0; j < vector.length; j++) {
            vector[j] = (float) random.nextGaussian();
          }
          Document document = new Document();
          document.add(new KnnFloatVectorField("v", vector));
          writer.addDocument(document);
        }
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        float[] target = new float[16];
        target[0] = 1;
        return new IndexSearcher(reader)
            .search(new KnnFloatVectorQuery("v", target, 10), 10)
            .scoreDocs
            .length;
      }
    }
  }
}
