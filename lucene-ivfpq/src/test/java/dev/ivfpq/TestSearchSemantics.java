// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import dev.ivfpq.Corpus.Hit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.PatienceKnnVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.SeededKnnVectorQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.search.TotalHits;
import org.apache.lucene.search.join.BitSetProducer;
import org.apache.lucene.search.join.DiversifyingChildrenFloatKnnVectorQuery;
import org.apache.lucene.search.join.QueryBitSetProducer;
import org.apache.lucene.search.knn.KnnSearchStrategy;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.FixedBitSet;

/** What a search promises: counts, scores, filters, strategies, ranges, unusual vectors. */
public class TestSearchSemantics extends LuceneTestCase {
  private static final int N = 2500;
  private static final int K = 10;

  private static IvfPqVectorsFormat format(String factory) {
    return new IvfPqVectorsFormat(IvfPqParameters.DEFAULT.withFactory(factory));
  }

  private Corpus corpus(VectorSimilarityFunction similarity) {
    int d = 16 + 4 * random().nextInt(7);
    return Corpus.clustered(random(), N, d, similarity);
  }

  private static IvfPqFieldStats stats(DirectoryReader reader, int leaf) {
    return IvfPqFieldStats.of(reader.leaves().get(leaf).reader(), "v").orElseThrow();
  }

  public void testEverythingProbedEqualsBruteForceInOneAndInManySegments() throws IOException {
    for (VectorSimilarityFunction similarity : VectorSimilarityFunction.values()) {
      for (int segments : new int[] {1, 2}) {
        Corpus corpus = corpus(similarity);
        try (Directory directory = newDirectory()) {
          corpus.write(directory, format(""), segments);
          try (DirectoryReader reader = DirectoryReader.open(directory)) {
            assertTrue(stats(reader, 0).nlist() > 1);
            for (int k : new int[] {1, K, 100, N + 5}) {
              float[] target = corpus.draw();
              List<Hit> hits = Corpus.search(reader, corpus.everything(target, k), k);
              corpus.assertExact(similarity + " k=" + k, target, k, id -> true, hits);
            }
          }
        }
      }
    }
  }

  public void testFiltersOfEverySizeGiveExactlyTheAcceptedHits() throws IOException {
    for (VectorSimilarityFunction similarity : VectorSimilarityFunction.values()) {
      Corpus corpus = corpus(similarity).sparse(0.2);
      try (Directory directory = newDirectory();
          IndexWriter writer =
              new IndexWriter(
                  directory, Corpus.config(format("")).setMergePolicy(NoMergePolicy.INSTANCE))) {
        corpus.add(writer, 0, 1700);
        corpus.add(writer, 1700, 1720);
        corpus.add(writer, 1720, N);
        Set<Integer> deleted = randomIds(N / 7);
        for (int id : deleted) {
          writer.deleteDocuments(new Term("id", "" + id));
        }
        try (DirectoryReader reader = DirectoryReader.open(writer)) {
          for (int size : new int[] {0, 1, 5, N / 100, N / 10, N / 2}) {
            assertFiltered(corpus, reader, deleted, randomIds(size));
          }
        }
      }
    }
  }

  private void assertFiltered(
      Corpus corpus, DirectoryReader reader, Set<Integer> deleted, Set<Integer> ids)
      throws IOException {
    IntPredicate accepted = id -> ids.contains(id) && !deleted.contains(id);
    float[] target = corpus.draw();
    for (int k : new int[] {1, K, 60}) {
      String what = corpus.similarity + ", " + ids.size() + " accepted, k=" + k;
      int expected = corpus.exact(target, k, accepted).size();
      Query query = new KnnFloatVectorQuery("v", target, k, Corpus.filter(ids));
      List<Hit> hits = Corpus.search(reader, query, k);
      assertEquals(what, expected, hits.size());
      corpus.assertOwnScores(what, target, accepted, hits);
      query = new KnnFloatVectorQuery("v", target, k, Corpus.filter(ids), Corpus.EVERYTHING);
      corpus.assertExact(what, target, k, accepted, Corpus.search(reader, query, k));
    }
  }

  /**
   * Neighbouring documents are all that a narrowed list may return; scattered ones the contrast.
   */
  public void testRangesAndScatteredDocumentsEqualBruteForceWhereEverythingIsProbed()
      throws IOException {
    for (String factory : List.of("", "IVF32,Flat", "IVF32,PQ4x4fsr,RFlat")) {
      Corpus corpus = corpus(VectorSimilarityFunction.EUCLIDEAN).sparse(random().nextInt(2) * .2);
      try (Directory directory = newDirectory();
          IndexWriter writer =
              new IndexWriter(
                  directory,
                  Corpus.config(format(factory)).setMergePolicy(NoMergePolicy.INSTANCE))) {
        corpus.add(writer, 0, N);
        Set<Integer> deleted = randomIds(random().nextInt(2) * N / 9);
        for (int id : deleted) {
          writer.deleteDocuments(new Term("id", "" + id));
        }
        try (DirectoryReader reader = DirectoryReader.open(writer)) {
          for (int size : new int[] {1, 63, 300, 700, 1300, N}) {
            int first = random().nextInt(N - size + 1);
            Set<Integer> ids = new HashSet<>();
            for (int id = first; id < first + size; id++) {
              ids.add(id);
            }
            assertFiltered(corpus, reader, deleted, ids);
            assertFiltered(corpus, reader, deleted, randomIds(size));
          }
        }
      }
    }
  }

  private Set<Integer> randomIds(int count) {
    Set<Integer> ids = new HashSet<>();
    while (ids.size() < count) {
      ids.add(random().nextInt(N));
    }
    return ids;
  }

  public void testVisitedCountNeverExceedsTheAcceptedAndTheLimitIsHonoured() throws IOException {
    for (String factory : List.of("", "IVF32,Flat", "IVF32,PQ4x4fs", "Flat")) {
      Corpus corpus = corpus(VectorSimilarityFunction.EUCLIDEAN);
      try (Directory directory = newDirectory()) {
        corpus.write(directory, format(factory), 1);
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
          LeafReader leaf = reader.leaves().get(0).reader();
          for (int size : new int[] {3, 200, 300, 1000, N}) {
            FixedBitSet bits = new FixedBitSet(N);
            randomIds(size).forEach(bits::set);
            assertVisits(factory, leaf, corpus.draw(), bits, size);
          }
        }
      }
    }
  }

  private static void assertVisits(
      String factory, LeafReader leaf, float[] target, FixedBitSet bits, int size)
      throws IOException {
    AcceptDocs accepted =
        AcceptDocs.fromIteratorSupplier(() -> new BitSetIterator(bits, size), null, N);
    for (IvfPqSearchParameters parameters :
        List.of(IvfPqSearchParameters.DEFAULT, Corpus.EVERYTHING)) {
      for (int limit : new int[] {1, 11, 64, 100, 500, size + 1}) {
        String what = factory + ", " + size + " accepted, limit " + limit;
        TopKnnCollector collector = new TopKnnCollector(K, limit, parameters);
        leaf.searchNearestVectors("v", target, collector, accepted);
        TopDocs docs = collector.topDocs();
        long visited = docs.totalHits.value();
        assertTrue(what + ": visited " + visited, visited <= size);
        // A batch of 64 is counted at once.
        assertTrue(what + ": visited " + visited, visited < limit + 64);
        if (limit > size) {
          assertEquals(what, TotalHits.Relation.EQUAL_TO, docs.totalHits.relation());
          assertEquals(what, Math.min(K, size), docs.scoreDocs.length);
        } else if (docs.totalHits.relation() == TotalHits.Relation.EQUAL_TO) {
          assertTrue(what + ": visited " + visited, visited < limit);
          assertEquals(what, Math.min(K, size), docs.scoreDocs.length);
        }
        if (limit > size && parameters == Corpus.EVERYTHING) {
          assertEquals(what, size, visited);
        }
      }
    }
  }

  public void testEveryStrategyFindsTheNearestAndSeedsKeepParameters() throws IOException {
    Corpus corpus = corpus(VectorSimilarityFunction.EUCLIDEAN);
    try (Directory directory = newDirectory()) {
      corpus.write(directory, format(""), 1);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        int found = 0;
        int queries = 20;
        for (int i = 0; i < queries; i++) {
          float[] target = corpus.draw();
          List<Hit> exact = corpus.exact(target, K, id -> true);
          KnnFloatVectorQuery plain = new KnnFloatVectorQuery("v", target, K);
          Query seed = new TermQuery(new Term("id", "" + random().nextInt(N)));
          for (Query query :
              List.of(
                  plain,
                  new KnnFloatVectorQuery("v", target, K, null, new KnnSearchStrategy.Hnsw(60)),
                  SeededKnnVectorQuery.fromFloatQuery(plain, seed),
                  SeededKnnVectorQuery.fromFloatQuery(plain, MatchAllDocsQuery.INSTANCE),
                  PatienceKnnVectorQuery.fromFloatQuery(plain, 0.999, 1000))) {
            List<Hit> hits = Corpus.search(reader, query, K);
            assertEquals(query.toString(), K, hits.size());
            corpus.assertOwnScores(query.toString(), target, id -> true, hits);
            found += Corpus.found(exact, hits);
          }
          KnnFloatVectorQuery full =
              new KnnFloatVectorQuery("v", target, K, null, Corpus.EVERYTHING);
          for (Query query :
              List.of(
                  SeededKnnVectorQuery.fromFloatQuery(full, seed),
                  PatienceKnnVectorQuery.fromFloatQuery(full))) {
            corpus.assertExact(
                query.toString(), target, K, id -> true, Corpus.search(reader, query, K));
          }
        }
        double recall = found / (5.0 * K * queries);
        assertTrue("recall@10=" + recall, recall >= 0.95);
      }
    }
  }

  public void testSeededAndMissingStrategiesReachTheReaderAsTheyAre() throws IOException {
    Corpus corpus = corpus(VectorSimilarityFunction.EUCLIDEAN);
    try (Directory directory = newDirectory()) {
      corpus.write(directory, format(""), 1);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        LeafReader leaf = reader.leaves().get(0).reader();
        float[] target = corpus.draw();
        KnnSearchStrategy one = IvfPqSearchParameters.DEFAULT.withNprobe(1);
        long visitedByOne = visited(leaf, target, one);
        assertTrue(visitedByOne < visited(leaf, target, null));
        assertEquals(
            visited(leaf, target, IvfPqSearchParameters.DEFAULT), visited(leaf, target, null));
        KnnSearchStrategy seeded =
            new KnnSearchStrategy.Seeded(DocIdSetIterator.range(0, 5), 5, one);
        assertEquals(visitedByOne, visited(leaf, target, seeded));
        assertEquals(
            visitedByOne,
            visited(
                leaf,
                target,
                new KnnSearchStrategy.Seeded(DocIdSetIterator.range(7, 8), 1, seeded)));
        assertEquals(N, visited(leaf, target, Corpus.EVERYTHING));
      }
    }
  }

  private static long visited(LeafReader leaf, float[] target, KnnSearchStrategy strategy)
      throws IOException {
    TopKnnCollector collector = new TopKnnCollector(1, Integer.MAX_VALUE, strategy);
    leaf.searchNearestVectors("v", target, collector, AcceptDocs.fromLiveDocs(null, leaf.maxDoc()));
    return collector.topDocs().totalHits.value();
  }

  public void testSearchParametersEqualByValueAndRefuseInWords() {
    IvfPqSearchParameters none = IvfPqSearchParameters.DEFAULT;
    assertEquals(none.withNprobe(3).withKFactor(4), none.withKFactor(4).withNprobe(3));
    assertEquals(none.withNprobe(3).hashCode(), none.withNprobe(3).hashCode());
    assertNotEquals(none.withNprobe(3), none.withNprobe(4));
    assertNotEquals(none.withKFactor(3), none.withKFactor(4));
    assertNotEquals(none, none.withKFactor(4));
    assertNotEquals(none, KnnSearchStrategy.Hnsw.DEFAULT);
    assertEquals(
        "IvfPqSearchParameters(nprobe=default, kFactor=default, targetRecall=default)",
        none.toString());
    assertEquals(
        "IvfPqSearchParameters(nprobe=3, kFactor=4.5, targetRecall=0.9)",
        none.withNprobe(3).withKFactor(4.5f).withTargetRecall(.9f).toString());
    assertNotEquals(none, none.withTargetRecall(.9f));
    for (float recall : new float[] {0, -1, .995f, Float.NaN}) {
      assertEquals(
          "targetRecall must be in (0, .99], got targetRecall="
              + recall
              + "; for more recall set nprobe and kFactor",
          expectThrows(IllegalArgumentException.class, () -> none.withTargetRecall(recall))
              .getMessage());
    }
    float[] target = {1};
    assertEquals(
        new KnnFloatVectorQuery("v", target, 1, null, none.withNprobe(3)),
        new KnnFloatVectorQuery("v", target, 1, null, none.withNprobe(3)));
    assertNotEquals(
        new KnnFloatVectorQuery("v", target, 1, null, none.withNprobe(3)),
        new KnnFloatVectorQuery("v", target, 1, null, none.withNprobe(4)));
    assertRefused("nprobe must be at least 1, got nprobe=0", () -> none.withNprobe(0));
    assertRefused("nprobe must be at least 1, got nprobe=-7", () -> none.withNprobe(-7));
    assertRefused("kFactor must be in [1, 1e6], got kFactor=0.5", () -> none.withKFactor(0.5f));
    assertRefused(
        "kFactor must be in [1, 1e6], got kFactor=NaN", () -> none.withKFactor(Float.NaN));
    assertRefused(
        "kFactor must be in [1, 1e6], got kFactor=2000000.0", () -> none.withKFactor(2e6f));
  }

  private static void assertRefused(String message, ThrowingRunnable call) {
    assertEquals(message, expectThrows(IllegalArgumentException.class, call).getMessage());
  }

  public void testRangeQueriesFindWhatBruteForceFinds() throws IOException {
    for (VectorSimilarityFunction similarity : VectorSimilarityFunction.values()) {
      Corpus corpus = corpus(similarity);
      try (Directory directory = newDirectory()) {
        corpus.write(directory, format(""), random().nextBoolean() ? 1 : 2);
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
          for (int wanted : new int[] {10, 100, 500}) {
            int found = 0;
            int queries = 10;
            for (int i = 0; i < queries; i++) {
              float[] target = corpus.draw();
              List<Hit> exact = corpus.exact(target, wanted, id -> true);
              // Slightly lower, or rounding decides about the last hit.
              float least = exact.get(wanted - 1).score() * (1 - 1e-6f);
              List<Hit> hits = Corpus.search(reader, Corpus.above(target, least), N);
              for (Hit hit : hits) {
                assertTrue(hit.score() >= least);
              }
              corpus.assertOwnScores("range", target, id -> true, hits);
              found += Math.min(wanted, hits.size());
            }
            double recall = (double) found / (queries * wanted);
            assertTrue(similarity + ", " + wanted + " hits: recall=" + recall, recall >= 0.95);
          }
        }
      }
    }
  }

  public void testParentsOfManyChildrenAreFoundOnceEach() throws IOException {
    Corpus corpus = corpus(VectorSimilarityFunction.EUCLIDEAN);
    int[] parentOf = new int[N];
    try (Directory directory = newDirectory()) {
      try (IndexWriter writer = new IndexWriter(directory, Corpus.config(format("")))) {
        int parent = 0;
        for (int id = 0; id < N; parent++) {
          List<Document> block = new ArrayList<>();
          for (int end = Math.min(N, id + 1 + random().nextInt(20)); id < end; id++) {
            parentOf[id] = parent;
            block.add(corpus.document(id));
          }
          Document last = new Document();
          last.add(new StringField("type", "parent", Field.Store.NO));
          block.add(last);
          writer.addDocuments(block);
        }
        writer.forceMerge(1);
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        BitSetProducer parents = new QueryBitSetProducer(new TermQuery(new Term("type", "parent")));
        int found = 0;
        int queries = 30;
        for (int i = 0; i < queries; i++) {
          float[] target = corpus.draw();
          Query query = new DiversifyingChildrenFloatKnnVectorQuery("v", target, null, K, parents);
          List<Hit> hits = Corpus.search(reader, query, K);
          assertEquals(K, hits.size());
          Set<Integer> distinct = new HashSet<>();
          hits.forEach(hit -> distinct.add(parentOf[hit.id()]));
          assertEquals("distinct parents", K, distinct.size());
          Set<Integer> truth = new HashSet<>();
          for (Hit hit : corpus.exact(target, N, id -> true)) {
            if (truth.size() < K) {
              truth.add(parentOf[hit.id()]);
            }
          }
          distinct.retainAll(truth);
          found += distinct.size();
        }
        double recall = (double) found / (queries * K);
        assertTrue("recall@10=" + recall, recall >= 0.95);
      }
    }
  }

  public void testEveryDimensionsFromOneToTheMostAreSearchedExactly() throws IOException {
    for (int d : new int[] {1, 2, 3, 4096}) {
      int n = d > 3 ? 200 : 600;
      for (String factory : List.of("", "IVF8,PQ1x4fs,RFlat", "IVF8,PQ" + d / 2 + "x4fsr,RFlat")) {
        if (factory.contains("PQ0x") || d % 2 == 1 && factory.contains("fsr")) {
          continue;
        }
        Corpus corpus = Corpus.clustered(random(), n, d, VectorSimilarityFunction.EUCLIDEAN);
        assertEverythingExact(corpus, factory, n);
      }
    }
  }

  public void testEqualVectorsAreAllFound() throws IOException {
    float[][] vectors = new float[1500][];
    Arrays.fill(vectors, new float[] {1, 2, 3, 4});
    for (VectorSimilarityFunction similarity : VectorSimilarityFunction.values()) {
      if (similarity != VectorSimilarityFunction.DOT_PRODUCT) {
        assertHitCount(Corpus.of(vectors, similarity), "", new float[] {1, 2, 3, 5});
        assertHitCount(
            Corpus.of(vectors, similarity), "IVF8,PQ2x4fsr,RFlat", new float[] {1, 2, 3, 5});
      }
    }
  }

  public void testTwoDistinctValuesComeNearestFirst() throws IOException {
    float[][] vectors = new float[1500][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = i % 3 == 0 ? new float[] {1, 2, 3, 4} : new float[] {4, -2, 1, 0};
    }
    for (VectorSimilarityFunction similarity : VectorSimilarityFunction.values()) {
      if (similarity != VectorSimilarityFunction.DOT_PRODUCT) {
        for (String factory : List.of("", "IVF8,PQ2x4fs,RFlat", "IVF8,PQ2x4fsr,RFlat")) {
          Corpus corpus = Corpus.of(vectors, similarity);
          assertHitCount(corpus, factory, new float[] {1, 2, 3, 5});
          assertHitCount(corpus, factory, new float[] {4, -2, 2, 0});
        }
      }
    }
  }

  /** With and without parameters: exactly k hits, with the scores of brute force. */
  private static void assertHitCount(Corpus corpus, String factory, float[] target)
      throws IOException {
    try (Directory directory = newDirectory()) {
      corpus.write(directory, new IvfPqVectorsFormat(Corpus.SMALL_LISTS.withFactory(factory)), 1);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        String what = corpus.similarity + " " + factory;
        for (int k : new int[] {1, K, 700}) {
          Query query = new KnnFloatVectorQuery("v", target, k);
          List<Hit> hits = Corpus.search(reader, query, k);
          assertEquals(what, k, hits.size());
          corpus.assertOwnScores(what, target, id -> true, hits);
          query = corpus.everything(target, k);
          corpus.assertExact(what, target, k, id -> true, Corpus.search(reader, query, k));
        }
      }
    }
  }

  public void testFewerVectorsThanDimensionsAreSearchedExactly() throws IOException {
    for (String factory :
        List.of(
            "", "IVF4,PQ8x4fsr,RFlat", "OPQ8,IVF4,PQ8x4fs,RFlat", "PCAR32,IVF4,PQ8x4fs,RFlat")) {
      for (int n : new int[] {1, 4, 9, 40}) {
        Corpus corpus = Corpus.clustered(random(), n, 64, VectorSimilarityFunction.EUCLIDEAN);
        assertEverythingExact(corpus, factory, n);
      }
    }
  }

  private static void assertEverythingExact(Corpus corpus, String factory, int n)
      throws IOException {
    try (Directory directory = newDirectory()) {
      corpus.write(directory, new IvfPqVectorsFormat(Corpus.SMALL_LISTS.withFactory(factory)), 1);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        for (int i = 0; i < 5; i++) {
          float[] target = corpus.draw();
          List<Hit> hits = Corpus.search(reader, corpus.everything(target, K), K);
          corpus.assertExact(
              factory + " n=" + n + " d=" + target.length, target, K, id -> true, hits);
        }
      }
    }
  }

  public void testTinyVectorsAreFoundUnderEverySimilarity() throws IOException {
    for (VectorSimilarityFunction similarity :
        List.of(
            VectorSimilarityFunction.EUCLIDEAN, VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT)) {
      for (String factory : List.of("", "IVF8,PQ4x4fsr,RFlat")) {
        Corpus corpus = scaled(similarity, 1e-30f);
        assertHitCount(corpus, factory, corpus.vectors[7]);
      }
    }
  }

  private Corpus scaled(VectorSimilarityFunction similarity, float factor) {
    Corpus corpus = Corpus.clustered(random(), 1500, 16, similarity);
    for (float[] vector : corpus.vectors) {
      for (int j = 0; j < vector.length; j++) {
        vector[j] *= factor;
      }
    }
    return corpus;
  }

  /** Lucene's own check of scores forbids overflow, so the far vectors must not decide anything. */
  public void testVectorsWhoseSquaresOverflowAreSearchedExactly() throws IOException {
    for (String factory : List.of("", "IVF8,PQ4x4fsr,RFlat")) {
      Corpus corpus = scaled(VectorSimilarityFunction.EUCLIDEAN, 1e20f);
      try (Directory directory = new MMapDirectory(createTempDir())) {
        corpus.write(directory, new IvfPqVectorsFormat(Corpus.SMALL_LISTS.withFactory(factory)), 1);
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
          LeafReaderContext leaf = reader.leaves().get(0);
          assertEquals("lists of " + factory, 0, stats(reader, 0).nlist());
          TopKnnCollector collector = new TopKnnCollector(K, Integer.MAX_VALUE, null);
          try {
            leaf.reader()
                .searchNearestVectors(
                    "v",
                    corpus.vectors[3],
                    collector,
                    AcceptDocs.fromLiveDocs(null, leaf.reader().maxDoc()));
          } catch (AssertionError e) {
            assertEquals("VectorUtil", e.getStackTrace()[0].getClassName().replaceAll(".*\\.", ""));
            continue;
          }
          TopDocs docs = collector.topDocs();
          assertEquals(K, docs.scoreDocs.length);
          assertEquals("the vector itself", 3, docs.scoreDocs[0].doc);
          assertEquals(1, docs.scoreDocs[0].score, 0);
        }
      }
    }
  }

  public void testZeroVectorsUnderCosineAreNeverHits() throws IOException {
    Corpus corpus = corpus(VectorSimilarityFunction.COSINE);
    for (int id = 0; id < N; id += 10) {
      corpus.vectors[id] = new float[corpus.vectors[id].length];
    }
    IntPredicate nonzero = id -> id % 10 != 0;
    for (String factory : List.of("", "IVF32,PQ4x4fs,RFlat", "IVF32,Flat", "Flat")) {
      try (Directory directory = new MMapDirectory(createTempDir())) {
        corpus.write(directory, format(factory), 1);
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
          for (int k : new int[] {1, K, N - 100}) {
            float[] target = corpus.draw();
            List<Hit> hits = Corpus.search(reader, corpus.everything(target, k), k);
            corpus.assertExact(factory + " k=" + k, target, k, nonzero, hits);
          }
        }
      }
    }
  }

  public void testQueryThatIsNotFiniteIsRefusedInWords() throws IOException {
    Corpus corpus = Corpus.clustered(random(), 50, 4, VectorSimilarityFunction.EUCLIDEAN);
    try (Directory directory = new ByteBuffersDirectory()) {
      corpus.write(directory, format(""), 1);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        LeafReader leaf = reader.leaves().get(0).reader();
        assertRefused(
            "field \"v\": a query must be finite, got NaN",
            () -> visited(leaf, new float[] {0, Float.NaN, 0, 0}, null));
        assertRefused(
            "field \"v\": a query must be finite, got Infinity",
            () -> visited(leaf, new float[] {0, 1, 0, Float.POSITIVE_INFINITY}, null));
        assertRefused(
            "field \"v\": a query of 3 dims, vectors have 4",
            () -> visited(leaf, new float[3], null));
      }
    }
  }
}
