// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.filter;

import dev.ivfpq.bench.run.IndexKind;
import dev.ivfpq.bench.run.Setting;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KeywordField;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortedSetSelector;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.IOUtils;

/** An index whose documents have what filters ask for. Added in random order. */
final class FilterIndex implements Closeable {
  private static final String ROW = "row";
  private final IndexKind kind;
  private final Directory directory;
  private final DirectoryReader reader;
  private final IndexSearcher searcher;
  private final int[] rows;

  private FilterIndex(IndexKind kind, Directory directory) throws IOException {
    this.kind = kind;
    this.directory = directory;
    this.reader = DirectoryReader.open(directory);
    this.searcher = new IndexSearcher(reader);
    // A cached filter would be measured once and never again.
    searcher.setQueryCache(null);
    this.rows = new int[reader.maxDoc()];
    for (LeafReaderContext leaf : reader.leaves()) {
      NumericDocValues values = leaf.reader().getNumericDocValues(ROW);
      while (values.nextDoc() != NumericDocValues.NO_MORE_DOCS) {
        rows[leaf.docBase + values.docID()] = (int) values.longValue();
      }
    }
  }

  /**
   * Builds the index.
   *
   * @param folder is made
   * @param order of the documents
   */
  static FilterIndex build(
      Path folder,
      IndexKind kind,
      SpeakerRows rows,
      FilterCases cases,
      DocumentOrder order,
      FilterPlan plan)
      throws IOException {
    int n = rows.indexed().size();
    IndexWriterConfig config = kind.writerConfig(n, plan.segments());
    if (order == DocumentOrder.SPEAKER) {
      config.setIndexSort(
          new Sort(
              KeywordField.newSortField(FilterCases.SPEAKER, false, SortedSetSelector.Type.MIN)));
    }
    List<Integer> shuffled = new ArrayList<>(IntStream.range(0, n).boxed().toList());
    Collections.shuffle(shuffled, new Random(plan.seed()));
    Directory directory = FSDirectory.open(folder);
    try {
      try (IndexWriter writer = new IndexWriter(directory, config)) {
        for (int row : shuffled) {
          Document document = new Document();
          document.add(
              new KnnFloatVectorField(
                  Setting.FIELD, rows.indexed().rows()[row], plan.distance().lucene()));
          document.add(new NumericDocValuesField(ROW, row));
          cases.addFields(row, document);
          writer.addDocument(document);
        }
        if (plan.segments() == 1) {
          writer.forceMerge(1);
        }
      }
      return new FilterIndex(kind, directory);
    } catch (Throwable t) {
      IOUtils.closeWhileHandlingException(directory);
      throw t;
    }
  }

  IndexKind kind() {
    return kind;
  }

  IndexSearcher searcher() {
    return searcher;
  }

  int segments() {
    return reader.leaves().size();
  }

  /** The indexed row that a document is. */
  int row(int document) {
    return rows[document];
  }

  @Override
  public void close() throws IOException {
    IOUtils.close(reader, directory);
  }
}
