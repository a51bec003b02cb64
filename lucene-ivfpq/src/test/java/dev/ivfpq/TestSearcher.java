// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;

/** Many queries at once get what each of them gets alone. */
public class TestSearcher extends LuceneTestCase {
  private static final int K = 10;

  public void testManyQueriesGetTheHitsOfEachAlone() throws IOException {
    for (VectorSimilarityFunction similarity : VectorSimilarityFunction.values()) {
      int d = 4 + random().nextInt(40);
      Corpus corpus = Corpus.clustered(random(), 3000, d, similarity).sparse(.1);
      try (Directory directory = newDirectory()) {
        corpus.write(
            directory, new IvfPqVectorsFormat(Corpus.SMALL_LISTS), 1 + random().nextInt(3));
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
          IvfPqSearchParameters parameters =
              IvfPqSearchParameters.DEFAULT.withNprobe(1 + random().nextInt(8)).withKFactor(4);
          List<float[]> targets = targets(corpus, 1 + random().nextInt(100));
          IvfPqSearcher searcher = new IvfPqSearcher(newSearcher(reader), "v");
          List<TopDocs> together = searcher.search(targets, K, null, parameters);
          assertEquals(targets.size(), together.size());
          for (int i = 0; i < targets.size(); i++) {
            String what = similarity + ", d=" + d + ", query " + i + " of " + targets.size();
            List<float[]> alone = List.of(targets.get(i));
            Corpus.assertSameHits(
                what, searcher.search(alone, K, null, parameters).get(0), together.get(i));
          }
        }
      }
    }
  }

  public void testOneSegmentAnswersLikeTheStockQuery() throws IOException {
    Corpus corpus = Corpus.clustered(random(), 3000, 24, VectorSimilarityFunction.EUCLIDEAN);
    try (Directory directory = newDirectory()) {
      corpus.write(directory, new IvfPqVectorsFormat(Corpus.SMALL_LISTS), 1);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        List<float[]> targets = targets(corpus, 30);
        List<TopDocs> together = new IvfPqSearcher(newSearcher(reader), "v").search(targets, K);
        for (int i = 0; i < targets.size(); i++) {
          Query stock = new KnnFloatVectorQuery("v", targets.get(i), K);
          TopDocs expected = newSearcher(reader).search(stock, K);
          Corpus.assertSameHits("query " + i, expected, together.get(i));
        }
      }
    }
  }

  /** Live documents are handed over as an iterator that can be gone through but once. */
  public void testEveryQuerySearchesASmallSegmentWithDeletes() throws IOException {
    Corpus corpus = Corpus.clustered(random(), 200, 16, VectorSimilarityFunction.EUCLIDEAN);
    try (Directory directory = newDirectory()) {
      corpus.write(directory, new IvfPqVectorsFormat(), 1);
      try (IndexWriter writer =
          new IndexWriter(directory, Corpus.config(new IvfPqVectorsFormat()))) {
        writer.deleteDocuments(new Term("id", "7"));
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        List<float[]> targets = targets(corpus, 3);
        IvfPqSearcher searcher = new IvfPqSearcher(newSearcher(reader), "v");
        check(corpus, reader, targets, searcher.search(targets, K), id -> id != 7);
      }
    }
  }

  public void testFiltersDeletesAndOtherFormats() throws IOException {
    Corpus corpus = Corpus.clustered(random(), 4000, 16, VectorSimilarityFunction.EUCLIDEAN);
    Set<Integer> accepted = new HashSet<>();
    Set<Integer> deleted = new HashSet<>();
    for (int id = 0; id < corpus.size(); id++) {
      if (random().nextInt(10) == 0) {
        accepted.add(id);
      }
      if (random().nextInt(5) == 0) {
        deleted.add(id);
      }
    }
    try (Directory directory = newDirectory()) {
      // The first segment is Lucene's own, the last one too small for lists.
      try (IndexWriter writer =
          new IndexWriter(directory, Corpus.config(new Lucene99HnswVectorsFormat()))) {
        corpus.add(writer, 0, 1000);
      }
      try (IndexWriter writer =
          new IndexWriter(directory, Corpus.config(new IvfPqVectorsFormat(Corpus.SMALL_LISTS)))) {
        corpus.add(writer, 1000, 3990);
        corpus.add(writer, 3990, 4000);
        for (int id : deleted) {
          writer.deleteDocuments(new Term("id", "" + id));
        }
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        List<float[]> targets = targets(corpus, 20);
        IvfPqSearcher searcher = new IvfPqSearcher(newSearcher(reader), "v");
        Query filter = Corpus.filter(accepted);
        check(
            corpus,
            reader,
            targets,
            searcher.search(targets, K, filter, Corpus.EVERYTHING),
            id -> accepted.contains(id) && !deleted.contains(id));
        check(
            corpus,
            reader,
            targets,
            searcher.search(targets, K, null, Corpus.EVERYTHING),
            id -> !deleted.contains(id));
        List<TopDocs> none =
            searcher.search(targets, K, Corpus.filter(Set.of()), IvfPqSearchParameters.DEFAULT);
        assertEquals(targets.size(), none.size());
        for (TopDocs hits : none) {
          assertEquals(0, hits.scoreDocs.length);
        }
      }
    }
  }

  public void testWhatIsRefused() throws IOException {
    Corpus corpus = Corpus.clustered(random(), 300, 4, VectorSimilarityFunction.EUCLIDEAN);
    try (Directory directory = newDirectory()) {
      corpus.write(directory, new IvfPqVectorsFormat(), 1);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        IvfPqSearcher searcher = new IvfPqSearcher(newSearcher(reader), "v");
        List<float[]> one = List.of(new float[4]);
        assertRefused("k must be at least 1, got k=0", () -> searcher.search(one, 0));
        assertRefused(
            "field \"v\": a query of 5 dims, vectors have 4",
            () -> searcher.search(List.of(new float[4], new float[5]), 3));
        float[] nan = {0, 0, Float.NaN, 0};
        assertRefused(
            "field \"v\": a query must be finite, got NaN",
            () -> searcher.search(List.of(new float[4], nan), 3));
        assertEquals(300, searcher.search(one, Integer.MAX_VALUE).get(0).scoreDocs.length);
        assertEquals(List.of(), searcher.search(List.of(), 3));
        assertEquals(
            0, new IvfPqSearcher(newSearcher(reader), "w").search(one, 3).get(0).scoreDocs.length);
      }
    }
  }

  private static void assertRefused(String message, ThrowingRunnable search) {
    Throwable refusal = expectThrows(IllegalArgumentException.class, search);
    assertEquals(message, refusal.getMessage());
  }

  private static List<float[]> targets(Corpus corpus, int count) {
    List<float[]> targets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      targets.add(corpus.draw());
    }
    return targets;
  }

  private static void check(
      Corpus corpus,
      DirectoryReader reader,
      List<float[]> targets,
      List<TopDocs> together,
      IntPredicate accepted)
      throws IOException {
    for (int i = 0; i < targets.size(); i++) {
      float[] target = targets.get(i);
      List<Corpus.Hit> hits = Corpus.hits(reader, together.get(i).scoreDocs);
      corpus.assertOwnScores("query " + i, target, accepted, hits);
      // Lucene's graph in the first segment may miss some.
      int found = Corpus.found(corpus.exact(target, K, accepted), hits);
      assertTrue("query " + i + " found " + found, found >= K - 2);
    }
  }
}
