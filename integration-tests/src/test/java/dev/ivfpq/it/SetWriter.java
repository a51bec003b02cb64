// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import dev.ivfpq.IvfPqVectorsFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.Directory;

/** Writes a set as an index of one segment, through the format as it is without any setting. */
final class SetWriter {
  static final String VECTOR = "vector";
  static final String ID = "id";
  static final String SPEAKER = "speaker";

  /** Marks the documents that are parents. */
  static final Term PARENT = new Term("type", "parent");

  private final Directory directory;

  SetWriter(Directory directory) {
    this.directory = directory;
  }

  /** One document for each vector. */
  void write(VectorSet set, VectorSimilarityFunction similarity) throws IOException {
    try (IndexWriter writer = writer()) {
      for (int id = 0; id < set.size(); id++) {
        writer.addDocument(document(set, id, similarity));
      }
      writer.forceMerge(1);
    }
  }

  /**
   * The same with a parent document after the vectors of each group.
   *
   * @param parentOf (n) the group of each vector, ascending
   */
  void writeFamilies(VectorSet set, VectorSimilarityFunction similarity, int[] parentOf)
      throws IOException {
    try (IndexWriter writer = writer()) {
      for (int id = 0; id < set.size(); ) {
        List<Document> family = new ArrayList<>();
        int parent = parentOf[id];
        for (; id < set.size() && parentOf[id] == parent; id++) {
          family.add(document(set, id, similarity));
        }
        Document last = new Document();
        last.add(new StringField(PARENT.field(), PARENT.text(), Field.Store.NO));
        family.add(last);
        writer.addDocuments(family);
      }
      writer.forceMerge(1);
    }
  }

  /** Deletes vectors and merges what is left. */
  void delete(BitSet ids) throws IOException {
    try (IndexWriter writer = writer()) {
      writer.deleteDocuments(
          ids.stream().mapToObj(id -> new Term(ID, "" + id)).toArray(Term[]::new));
      writer.forceMerge(1);
    }
  }

  private static Document document(VectorSet set, int id, VectorSimilarityFunction similarity) {
    Document document = new Document();
    document.add(new NumericDocValuesField(ID, id));
    document.add(new StringField(ID, "" + id, Field.Store.NO));
    document.add(new StringField(SPEAKER, set.speakers()[id], Field.Store.NO));
    document.add(new KnnFloatVectorField(VECTOR, set.base()[id], similarity));
    return document;
  }

  private IndexWriter writer() throws IOException {
    KnnVectorsFormat format = new IvfPqVectorsFormat();
    IndexWriterConfig config = new IndexWriterConfig();
    config.setRAMBufferSizeMB(128);
    config.setCodec(
        new Lucene104Codec() {
          @Override
          public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
            return format;
          }
        });
    return new IndexWriter(directory, config);
  }
}
