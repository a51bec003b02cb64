// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.knn.KnnSearchStrategy;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;

/** Searches of clustered vectors against brute force over the same vectors. */
public class TestSearchOracle extends LuceneTestCase {
  private static final int N = 4000;
  private static final int D = 24;
  private static final int K = 10;
  private static final int GROUPS = 5;

  public void testEverythingProbedEqualsBruteForceForEverySimilarity() throws IOException {
    for (VectorSimilarityFunction similarity : VectorSimilarityFunction.values()) {
      try (Fixture fixture = new Fixture("", similarity, random())) {
        fixture.forceMerge();
        KnnSearchStrategy all =
            IvfPqSearchParameters.DEFAULT.withNprobe(100_000).withKFactor(100_000);
        for (float[] query : fixture.queries(20)) {
          assertEquals(fixture.exact(query, i -> true), fixture.search(query, null, all));
        }
      }
    }
  }

  public void testDefaultsReachRecallForEverySimilarity() throws IOException {
    for (VectorSimilarityFunction similarity : VectorSimilarityFunction.values()) {
      try (Fixture fixture = new Fixture("", similarity, random())) {
        fixture.forceMerge();
        assertTrue(fixture.stats().nlist() > 1);
        double recall = fixture.recall(null, i -> true);
        assertTrue(similarity + ": recall@10=" + recall, recall >= 0.95);
      }
    }
  }

  public void testEveryFactoryStringAnswers() throws IOException {
    for (String factory :
        List.of(
            "Flat",
            "IVF32,Flat",
            "IVF32,PQ12x4fs,RFlat",
            "IVF32,PQ12x4fsr,RFlat",
            "IVF,PQ6x4fs,RFlat",
            "OPQ12,IVF32,PQ12x4fs,RFlat",
            "OPQ6_12,IVF32,PQ6x4fs,RFlat",
            "PCAR12,IVF32,PQ12x4fsr,RFlat")) {
      try (Fixture fixture = new Fixture(factory, VectorSimilarityFunction.EUCLIDEAN, random())) {
        fixture.forceMerge();
        double recall = fixture.recall(null, i -> true);
        assertTrue(factory + ": recall@10=" + recall, recall >= 0.9);
      }
    }
  }

  /** Lists without codes tell no candidate from another, so none may be left out. */
  public void testWithoutCodesEveryVectorOfTheListsIsScored() throws IOException {
    try (Fixture fixture =
        new Fixture("IVF32,Flat", VectorSimilarityFunction.EUCLIDEAN, random())) {
      fixture.forceMerge();
      KnnSearchStrategy allLists = IvfPqSearchParameters.DEFAULT.withNprobe(100_000);
      for (float[] query : fixture.queries(50)) {
        assertEquals(fixture.exact(query, i -> true), fixture.search(query, null, allLists));
      }
    }
  }

  public void testWithoutRerankScoresAreEstimates() throws IOException {
    try (Fixture fixture =
        new Fixture("IVF32,PQ12x4fsr", VectorSimilarityFunction.EUCLIDEAN, random())) {
      fixture.forceMerge();
      double recall = fixture.recall(null, i -> true);
      assertTrue("recall@10=" + recall, recall >= 0.5);
    }
  }

  public void testFilterKeepsRecallWithinTheGroup() throws IOException {
    try (Fixture fixture = new Fixture("", VectorSimilarityFunction.EUCLIDEAN, random())) {
      for (int group = 0; group < GROUPS; group++) {
        int wanted = group;
        Query filter = new TermQuery(new Term("group", "" + group));
        double recall = fixture.recall(filter, i -> i % GROUPS == wanted);
        assertTrue("group " + group + ": recall@10=" + recall, recall >= 0.95);
      }
    }
  }

  public void testDeletedVectorsAreNeverFoundAndRecallStays() throws IOException {
    try (Fixture fixture = new Fixture("", VectorSimilarityFunction.EUCLIDEAN, random())) {
      fixture.deleteGroup(1);
      IntPredicate live = i -> i % GROUPS != 1;
      assertTrue(fixture.recall(null, live) >= 0.95);
      fixture.forceMerge();
      assertTrue(fixture.recall(null, live) >= 0.95);
    }
  }

  public void testQueryOfWrongDimensionsIsRefusedInWords() throws IOException {
    try (Fixture fixture = new Fixture("", VectorSimilarityFunction.EUCLIDEAN, random())) {
      fixture.forceMerge();
      LeafReader leaf = fixture.reader.leaves().get(0).reader();
      IllegalArgumentException e =
          expectThrows(
              IllegalArgumentException.class,
              () -> leaf.searchNearestVectors("v", new float[D + 1], K, null, Integer.MAX_VALUE));
      assertEquals("field \"v\": a query of 25 dims, vectors have 24", e.getMessage());
    }
  }

  /** An index of clustered vectors, document i in group i % 5, and the vectors themselves. */
  private static final class Fixture implements AutoCloseable {
    private final Directory directory = newDirectory();
    private final IndexWriter writer;
    private final VectorSimilarityFunction similarity;
    private final Random random;
    private final float[][] centres = new float[40][];
    private final float[][] vectors = new float[N][];
    private DirectoryReader reader;

    Fixture(String factory, VectorSimilarityFunction similarity, Random random) throws IOException {
      this.similarity = similarity;
      this.random = random;
      KnnVectorsFormat format =
          new IvfPqVectorsFormat(IvfPqParameters.DEFAULT.withFactory(factory));
      writer =
          new IndexWriter(
              directory,
              new IndexWriterConfig()
                  .setCodec(
                      new Lucene104Codec() {
                        @Override
                        public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                          return format;
                        }
                      }));
      for (int c = 0; c < centres.length; c++) {
        centres[c] = gaussian(new float[D], 2);
      }
      for (int i = 0; i < N; i++) {
        vectors[i] = vector();
        Document document = new Document();
        document.add(new KnnFloatVectorField("v", vectors[i], similarity));
        document.add(new NumericDocValuesField("id", i));
        document.add(new StringField("group", "" + i % GROUPS, Field.Store.NO));
        writer.addDocument(document);
        if (i == N / 3) {
          writer.flush();
        }
      }
      reader = DirectoryReader.open(writer);
    }

    private float[] vector() {
      float[] v = gaussian(centres[random.nextInt(centres.length)], 1);
      if (similarity == VectorSimilarityFunction.DOT_PRODUCT) {
        double squares = 0;
        for (float x : v) {
          squares += x * x;
        }
        for (int j = 0; j < D; j++) {
          v[j] /= (float) Math.sqrt(squares);
        }
      }
      return v;
    }

    private float[] gaussian(float[] centre, double deviation) {
      float[] v = new float[D];
      for (int j = 0; j < D; j++) {
        v[j] = (float) (centre[j] + deviation * random.nextGaussian());
      }
      return v;
    }

    List<float[]> queries(int count) {
      List<float[]> queries = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        queries.add(vector());
      }
      return queries;
    }

    void forceMerge() throws IOException {
      writer.forceMerge(1);
      refresh();
    }

    void deleteGroup(int group) throws IOException {
      writer.deleteDocuments(new Term("group", "" + group));
      refresh();
    }

    private void refresh() throws IOException {
      reader.close();
      reader = DirectoryReader.open(writer);
    }

    IvfPqFieldStats stats() {
      return IvfPqFieldStats.of(reader.leaves().get(0).reader(), "v").orElseThrow();
    }

    double recall(Query filter, IntPredicate accepted) throws IOException {
      int found = 0;
      int wanted = 0;
      for (float[] query : queries(100)) {
        Set<Integer> truth = new HashSet<>(exact(query, accepted));
        List<Integer> hits = search(query, filter, null);
        assertEquals(K, hits.size());
        for (int id : hits) {
          assertTrue("id " + id + " is not accepted", accepted.test(id));
          found += truth.contains(id) ? 1 : 0;
        }
        wanted += truth.size();
      }
      return (double) found / wanted;
    }

    List<Integer> search(float[] query, Query filter, KnnSearchStrategy strategy)
        throws IOException {
      Query knn =
          strategy == null
              ? new KnnFloatVectorQuery("v", query, K, filter)
              : new KnnFloatVectorQuery("v", query, K, filter, strategy);
      List<Integer> ids = new ArrayList<>();
      IndexSearcher searcher = new IndexSearcher(reader);
      for (ScoreDoc hit : searcher.search(knn, K).scoreDocs) {
        for (var leaf : reader.leaves()) {
          int doc = hit.doc - leaf.docBase;
          if (doc >= 0 && doc < leaf.reader().maxDoc()) {
            var values = leaf.reader().getNumericDocValues("id");
            assertTrue(values.advanceExact(doc));
            int id = (int) values.longValue();
            ids.add(id);
          }
        }
      }
      return ids;
    }

    List<Integer> exact(float[] query, IntPredicate accepted) {
      Integer[] ids = new Integer[N];
      float[] scores = new float[N];
      for (int i = 0; i < N; i++) {
        ids[i] = i;
        scores[i] =
            accepted.test(i) ? similarity.compare(query, vectors[i]) : Float.NEGATIVE_INFINITY;
      }
      Arrays.sort(ids, Comparator.comparingDouble(i -> -scores[i]));
      return Arrays.asList(ids).subList(0, K);
    }

    @Override
    public void close() throws IOException {
      reader.close();
      writer.close();
      directory.close();
    }
  }
}
