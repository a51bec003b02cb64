// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnByteVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TotalHits;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;

/** The query that searches segments together is Lucene's in all else. */
public class TestIvfPqQuery extends LuceneTestCase {
  private static final int K = 10;

  public void testOtherFormatsAreSearchedAsByTheStockQuery() throws IOException {
    Corpus corpus = Corpus.clustered(random(), 2000, 16, VectorSimilarityFunction.EUCLIDEAN);
    try (Directory directory = newDirectory()) {
      try (IndexWriter writer = writer(directory, new Lucene99HnswVectorsFormat())) {
        corpus.add(writer, 0, 500);
        corpus.add(writer, 500, 1000);
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        IndexSearcher searcher = newSearcher(reader);
        float[] target = corpus.draw();
        TopDocs stock = searcher.search(new KnnFloatVectorQuery("v", target, K), K);
        Corpus.assertSameScores(
            "hnsw alone", stock, searcher.search(new IvfPqQuery("v", target, K), K));
      }
      try (IndexWriter writer = writer(directory, new IvfPqVectorsFormat(Corpus.SMALL_LISTS))) {
        corpus.add(writer, 1000, 1500);
        corpus.add(writer, 1500, 2000);
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        IndexSearcher searcher = newSearcher(reader);
        int found = 0;
        for (int i = 0; i < 20; i++) {
          float[] target = corpus.draw();
          Query query = new IvfPqQuery("v", target, K, null, Corpus.EVERYTHING);
          List<Corpus.Hit> hits = Corpus.hits(reader, searcher.search(query, K).scoreDocs);
          corpus.assertOwnScores("query " + i, target, id -> true, hits);
          found += Corpus.found(corpus.exact(target, K, id -> true), hits);
        }
        // Lucene's graphs may miss some.
        assertTrue("found " + found + " of 200", found >= 190);
      }
    }
  }

  public void testUnderABooleanQueryAndExplained() throws IOException {
    Corpus corpus = Corpus.clustered(random(), 2000, 8, VectorSimilarityFunction.EUCLIDEAN);
    try (Directory directory = newDirectory()) {
      corpus.writeVaried(directory, Set.of());
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        IndexSearcher searcher = newSearcher(reader);
        float[] target = corpus.draw();
        Query query = new IvfPqQuery("v", target, K, null, Corpus.EVERYTHING);
        TopDocs hits = searcher.search(query, K);
        for (ScoreDoc hit : hits.scoreDocs) {
          Explanation explanation = searcher.explain(query, hit.doc);
          assertTrue(explanation.isMatch());
          assertEquals(hit.score, explanation.getValue().floatValue(), 1e-5f);
          assertEquals("within top 10 docs", explanation.getDescription());
        }
        int id = Corpus.hits(reader, hits.scoreDocs).get(3).id();
        Query one =
            new BooleanQuery.Builder()
                .add(query, BooleanClause.Occur.MUST)
                .add(new TermQuery(new Term("id", "" + id)), BooleanClause.Occur.FILTER)
                .build();
        TopDocs found = searcher.search(one, K);
        assertEquals(1, found.scoreDocs.length);
        assertEquals(hits.scoreDocs[3].doc, found.scoreDocs[0].doc);
        assertEquals(hits.scoreDocs[3].score, found.scoreDocs[0].score, 1e-5f);
      }
    }
  }

  public void testAnExecutorChangesNoHit() throws Exception {
    Corpus corpus = Corpus.clustered(random(), 3000, 16, VectorSimilarityFunction.EUCLIDEAN);
    ExecutorService executor = Executors.newFixedThreadPool(3);
    try (Directory directory = newDirectory()) {
      corpus.writeVaried(directory, Set.of());
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        for (int i = 0; i < 20; i++) {
          Query query = new IvfPqQuery("v", corpus.draw(), K);
          TopDocs alone = new IndexSearcher(reader).search(query, K);
          Corpus.assertSameScores(
              "query " + i, alone, new IndexSearcher(reader, executor).search(query, K));
        }
      }
    } finally {
      executor.shutdown();
    }
  }

  public void testManyThreadsGetTheHitsOfOne() throws Exception {
    Corpus corpus = Corpus.clustered(random(), 3000, 16, VectorSimilarityFunction.EUCLIDEAN);
    Query filter = Corpus.filter(IntStream.range(0, 1500).boxed().collect(Collectors.toSet()));
    ExecutorService executor = Executors.newFixedThreadPool(4);
    try (Directory directory = newDirectory()) {
      corpus.writeVaried(directory, Set.of());
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        IndexSearcher searcher = new IndexSearcher(reader);
        List<Future<TopDocs>> together = new ArrayList<>();
        List<Query> queries = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
          Query query = new IvfPqQuery("v", corpus.draw(), K, i % 2 == 0 ? null : filter);
          queries.add(query);
          together.add(executor.submit(() -> searcher.search(query, K)));
        }
        for (int i = 0; i < queries.size(); i++) {
          TopDocs alone = searcher.search(queries.get(i), K);
          Corpus.assertSameScores("query " + i, alone, together.get(i).get());
        }
      }
    } finally {
      executor.shutdown();
    }
  }

  /** Whenever it ends: what was found until then is right, and little is done afterwards. */
  public void testATimeoutAtAnyPollKeepsWhatWasFound() throws IOException {
    Corpus corpus = Corpus.clustered(random(), 6000, 16, VectorSimilarityFunction.EUCLIDEAN);
    try (Directory directory = newDirectory()) {
      corpus.writeVaried(directory, Set.of());
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        float[] target = corpus.draw();
        int polls = polls(corpus, reader, target, Integer.MAX_VALUE);
        assertTrue(polls + " polls", polls > 10);
        for (int last = 1; last < polls; last += 1 + random().nextInt(5)) {
          int asked = polls(corpus, reader, target, last);
          // Each segment and model asks before it begins, and once more on its way out.
          int most = last + 4 * reader.leaves().size();
          assertTrue(asked + " polls, told to stop at " + last, asked <= most);
        }
      }
    }
  }

  /** Searches until the time is up at the {@code last}-th poll; returns how many there were. */
  private static int polls(Corpus corpus, DirectoryReader reader, float[] target, int last)
      throws IOException {
    AtomicInteger polls = new AtomicInteger();
    IndexSearcher searcher = new IndexSearcher(reader);
    searcher.setTimeout(() -> polls.incrementAndGet() >= last);
    TopDocs hits = searcher.search(new IvfPqQuery("v", target, K), K);
    List<Corpus.Hit> found = Corpus.hits(reader, hits.scoreDocs);
    corpus.assertOwnScores("stopped at poll " + last, target, id -> true, found);
    return polls.get();
  }

  public void testATimeoutEndsTheSearch() throws IOException {
    Corpus corpus = Corpus.clustered(random(), 3000, 16, VectorSimilarityFunction.EUCLIDEAN);
    try (Directory directory = newDirectory()) {
      corpus.write(directory, new IvfPqVectorsFormat(Corpus.SMALL_LISTS), 4);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        IndexSearcher searcher = new IndexSearcher(reader);
        searcher.setTimeout(() -> true);
        float[] target = corpus.draw();
        assertEquals(
            MatchNoDocsQuery.class, new IvfPqQuery("v", target, K).rewrite(searcher).getClass());
        TopDocs hits = new IvfPqSearcher(searcher, "v").search(List.of(target), K).get(0);
        assertEquals(new TotalHits(0, TotalHits.Relation.GREATER_THAN_OR_EQUAL_TO), hits.totalHits);
      }
    }
  }

  public void testWhatTheStockQueryDoesWithOtherFields() throws IOException {
    Corpus corpus = Corpus.clustered(random(), 500, 4, VectorSimilarityFunction.EUCLIDEAN);
    try (Directory directory = newDirectory()) {
      try (IndexWriter writer = writer(directory, new IvfPqVectorsFormat(Corpus.SMALL_LISTS))) {
        corpus.add(writer, 0, 500);
        Document bytes = new Document();
        bytes.add(new KnnByteVectorField("bytes", new byte[] {1, 2, 3, 4}));
        writer.addDocument(bytes);
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        IndexSearcher searcher = new IndexSearcher(reader);
        float[] target = corpus.draw();
        assertEquals(0, searcher.count(new IvfPqQuery("absent", target, K)));
        assertEquals(0, searcher.count(new IvfPqQuery("id", target, K)));
        assertSameRefusal(
            searcher,
            new KnnFloatVectorQuery("bytes", target, K),
            new IvfPqQuery("bytes", target, K));
        assertSameRefusal(
            searcher,
            new KnnFloatVectorQuery("v", new float[5], K),
            new IvfPqQuery("v", new float[5], K));
        Query none = new IvfPqQuery("v", target, K, MatchNoDocsQuery.INSTANCE);
        assertEquals(MatchNoDocsQuery.class, searcher.rewrite(none).getClass());
        assertEquals(500, searcher.count(new IvfPqQuery("v", target, Integer.MAX_VALUE)));
      }
    }
  }

  public void testEqualsHashCodeAndWords() {
    float[] target = {1, 2};
    Query filter = new TermQuery(new Term("id", "1"));
    IvfPqSearchParameters nprobe = IvfPqSearchParameters.DEFAULT.withNprobe(4);
    List<Query> different =
        List.of(
            new IvfPqQuery("v", target, 3),
            new IvfPqQuery("w", target, 3),
            new IvfPqQuery("v", new float[] {1, 3}, 3),
            new IvfPqQuery("v", target, 4),
            new IvfPqQuery("v", target, 3, filter),
            new IvfPqQuery("v", target, 3, null, nprobe),
            new KnnFloatVectorQuery("v", target, 3, null, IvfPqSearchParameters.DEFAULT));
    for (int i = 0; i < different.size(); i++) {
      for (int j = 0; j < different.size(); j++) {
        assertEquals(i + " and " + j, i == j, different.get(i).equals(different.get(j)));
      }
    }
    Query same = new IvfPqQuery("v", target.clone(), 3, null, IvfPqSearchParameters.DEFAULT);
    assertEquals(different.get(0), same);
    assertEquals(different.get(0).hashCode(), same.hashCode());
    assertEquals("IvfPqQuery:v[1.0,...][3]", same.toString());
    assertEquals("IvfPqQuery:v[1.0,...][3][id:1]", different.get(4).toString());
    List<Query> visited = new ArrayList<>();
    same.visit(
        new QueryVisitor() {
          @Override
          public boolean acceptField(String field) {
            return field.equals("v");
          }

          @Override
          public void visitLeaf(Query query) {
            visited.add(query);
          }
        });
    assertEquals(List.of(same), visited);
  }

  public void testWhatIsRefused() {
    assertEquals(
        "k must be at least 1, got: 0",
        expectThrows(IllegalArgumentException.class, () -> new IvfPqQuery("v", new float[] {1}, 0))
            .getMessage());
    assertEquals(
        "non-finite value at vector[1]=NaN",
        expectThrows(
                IllegalArgumentException.class,
                () -> new IvfPqQuery("v", new float[] {1, Float.NaN}, 1))
            .getMessage());
    assertEquals(
        "parameters",
        expectThrows(
                NullPointerException.class,
                () -> new IvfPqQuery("v", new float[] {1}, 1, null, null))
            .getMessage());
  }

  private static IndexWriter writer(Directory directory, KnnVectorsFormat format)
      throws IOException {
    return new IndexWriter(directory, Corpus.config(format).setMergePolicy(NoMergePolicy.INSTANCE));
  }

  private static void assertSameRefusal(IndexSearcher searcher, Query stock, Query ours) {
    Throwable expected = expectThrows(RuntimeException.class, () -> searcher.search(stock, K));
    Throwable actual = expectThrows(RuntimeException.class, () -> searcher.search(ours, K));
    assertEquals(expected.getClass(), actual.getClass());
    assertEquals(expected.getMessage(), actual.getMessage());
  }
}
