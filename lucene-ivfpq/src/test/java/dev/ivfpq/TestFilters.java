// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import dev.ivfpq.Corpus.Hit;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.IntPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.FixedBitSet;

/**
 * Filtered searches, beside brute force: filters of any share, random or by speaker, over documents
 * in any order, sorted by speaker, with deletes, without vectors in some.
 */
public class TestFilters extends LuceneTestCase {
  private static final int N = 12_000;
  private static final int D = 16;
  private static final int K = 10;
  private static final int SPEAKERS = 30;

  /** Documents by id; speaker of id i is i % SPEAKERS, or none that any filter knows. */
  private Corpus corpus;

  private int[] shuffled;

  @Override
  public void setUp() throws Exception {
    super.setUp();
    corpus = Corpus.clustered(random(), N, D, VectorSimilarityFunction.EUCLIDEAN);
    // Speakers differ: each is moved her own way, so that lists hold few speakers.
    for (int s = 0; s < SPEAKERS; s++) {
      int axis = random().nextInt(D);
      float by = (float) (2 * random().nextGaussian());
      for (int id = s; id < N; id += SPEAKERS) {
        corpus.vectors[id][axis] += by;
      }
    }
    shuffled = new int[N];
    Arrays.setAll(shuffled, i -> i);
    for (int i = N - 1; i > 0; i--) {
      int j = random().nextInt(i + 1);
      int id = shuffled[i];
      shuffled[i] = shuffled[j];
      shuffled[j] = id;
    }
  }

  private static IndexWriterConfig config(boolean sorted) {
    IndexWriterConfig config = Corpus.config(new IvfPqVectorsFormat());
    if (sorted) {
      config.setIndexSort(new Sort(new SortField("speaker", SortField.Type.INT)));
    }
    return config;
  }

  private Document document(int id) {
    Document document = corpus.document(id);
    document.add(new StringField("speaker", "" + id % SPEAKERS, Field.Store.NO));
    document.add(new NumericDocValuesField("speaker", id % SPEAKERS));
    document.add(new IntPoint("number", id / SPEAKERS));
    return document;
  }

  private void write(Directory directory, boolean sorted) throws IOException {
    try (IndexWriter writer = new IndexWriter(directory, config(sorted))) {
      for (int id : shuffled) {
        writer.addDocument(document(id));
      }
      writer.forceMerge(1);
    }
  }

  private static Query ofSpeaker(int speaker) {
    return new TermQuery(new Term("speaker", "" + speaker));
  }

  private double recall(DirectoryReader reader, String what, Query filter, IntPredicate accepted)
      throws IOException {
    int found = 0;
    int wanted = 0;
    for (int i = 0; i < 30; i++) {
      float[] target = corpus.draw();
      List<Hit> expected = corpus.exact(target, K, accepted);
      List<Hit> hits = Corpus.search(reader, new KnnFloatVectorQuery("v", target, K, filter), K);
      assertEquals(what, expected.size(), hits.size());
      corpus.assertOwnScores(what, target, accepted, hits);
      found += Corpus.found(expected, hits);
      wanted += expected.size();
    }
    return (double) found / wanted;
  }

  private void assertRecall(
      DirectoryReader reader, String what, Query filter, IntPredicate accepted) throws IOException {
    double recall = recall(reader, what, filter, accepted);
    assertTrue(what + ": recall@10=" + recall, recall >= .93);
  }

  private void assertAllFilters(DirectoryReader reader, String what, IntPredicate live)
      throws IOException {
    for (int below : new int[] {1, 4, 12, 40, 100, 200, 350}) {
      assertRecall(
          reader,
          what + ", number below " + below,
          IntPoint.newRangeQuery("number", 0, below - 1),
          id -> id / SPEAKERS < below && live.test(id));
    }
    for (int speaker : new int[] {0, SPEAKERS / 2, SPEAKERS - 1}) {
      assertRecall(
          reader,
          what + ", speaker " + speaker,
          ofSpeaker(speaker),
          id -> id % SPEAKERS == speaker && live.test(id));
    }
  }

  public void testFiltersOfAnyShareKeepRecall() throws IOException {
    for (boolean sorted : new boolean[] {false, true}) {
      try (Directory directory = newDirectory()) {
        write(directory, sorted);
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
          assertAllFilters(reader, "sorted " + sorted, id -> true);
        }
      }
    }
  }

  public void testDocumentsWithoutVectors() throws IOException {
    corpus.sparse(.2);
    try (Directory directory = newDirectory()) {
      write(directory, random().nextBoolean());
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        assertAllFilters(reader, "sparse", id -> true);
      }
    }
  }

  /** One speaker goes, another one comes back with other frames: before a merge and after. */
  public void testSpeakerIsDeletedAndAnotherReplaced() throws IOException {
    boolean sorted = random().nextBoolean();
    int gone = 3;
    int replaced = 5;
    IntPredicate live = id -> id % SPEAKERS != gone;
    try (Directory directory = newDirectory()) {
      write(directory, sorted);
      try (IndexWriter writer = new IndexWriter(directory, config(sorted))) {
        writer.deleteDocuments(new Term("speaker", "" + gone));
        for (int id = replaced; id < N; id += SPEAKERS) {
          corpus.vectors[id] = corpus.draw();
        }
        writer.deleteDocuments(new Term("speaker", "" + replaced));
        for (int id = replaced; id < N; id += SPEAKERS) {
          writer.addDocument(document(id));
        }
        for (int merged = 0; merged < 2; merged++) {
          String what = "sorted " + sorted + ", merged " + merged;
          try (DirectoryReader reader = DirectoryReader.open(writer)) {
            assertEquals(0, Corpus.search(reader, knn(ofSpeaker(gone)), K).size());
            assertRecall(reader, what, ofSpeaker(replaced), id -> id % SPEAKERS == replaced);
            assertAllFilters(reader, what, live);
          }
          writer.forceMerge(1);
        }
      }
    }
  }

  private Query knn(Query filter) {
    return new KnnFloatVectorQuery("v", corpus.draw(), K, filter);
  }

  /**
   * Testing survivors alone finds what testing every vector finds. A limit on visits that is one
   * below the number of accepted vectors asks for the latter.
   */
  public void testTestingSurvivorsEqualsTestingAll() throws IOException {
    try (Directory directory = newDirectory()) {
      write(directory, random().nextBoolean());
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        LeafReader leaf = reader.leaves().get(0).reader();
        boolean lessVisited = false;
        for (int round = 0; round < 40; round++) {
          FixedBitSet accepted = accepted(leaf);
          int count = accepted.cardinality();
          int nprobe = 1 + random().nextInt(120);
          float[] target = corpus.draw();
          TopDocs all = search(leaf, target, accepted, count - 1, nprobe);
          TopDocs survivors = search(leaf, target, accepted, count, nprobe);
          String what = count + " accepted, nprobe " + nprobe;
          Corpus.assertSameHits(what, all, survivors);
          assertTrue(what, survivors.totalHits.value() <= all.totalHits.value());
          lessVisited |= survivors.totalHits.value() < all.totalHits.value();
          for (ScoreDoc hit : survivors.scoreDocs) {
            assertTrue(what, accepted.get(hit.doc));
          }
        }
        assertTrue("survivors were tested alone", lessVisited);
      }
    }
  }

  /** Random documents, or those of random speakers; one in twenty and more. */
  private static FixedBitSet accepted(LeafReader leaf) throws IOException {
    FixedBitSet accepted = new FixedBitSet(leaf.maxDoc());
    double share = .05 + .9 * random().nextDouble();
    boolean[] speakers = new boolean[SPEAKERS];
    for (int s = 0; s < SPEAKERS; s++) {
      speakers[s] = s == 0 || random().nextDouble() < share;
    }
    boolean bySpeaker = random().nextBoolean();
    NumericDocValues values = leaf.getNumericDocValues("speaker");
    for (int doc = values.nextDoc(); doc < leaf.maxDoc(); doc = values.nextDoc()) {
      if (bySpeaker ? speakers[(int) values.longValue()] : random().nextDouble() < share) {
        accepted.set(doc);
      }
    }
    return accepted;
  }

  private static TopDocs search(
      LeafReader leaf, float[] target, FixedBitSet accepted, int limit, int nprobe)
      throws IOException {
    TopKnnCollector collector =
        new TopKnnCollector(K, limit, IvfPqSearchParameters.DEFAULT.withNprobe(nprobe));
    leaf.searchNearestVectors(
        "v",
        target,
        collector,
        AcceptDocs.fromIteratorSupplier(
            () -> new BitSetIterator(accepted, accepted.cardinality()), null, leaf.maxDoc()));
    return collector.topDocs();
  }
}
