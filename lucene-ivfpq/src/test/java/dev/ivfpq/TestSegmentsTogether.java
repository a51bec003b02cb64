// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import dev.ivfpq.spec.Tuning;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;

/** What is found where segments are searched together, beside brute force and merged segments. */
public class TestSegmentsTogether extends LuceneTestCase {
  private static final int K = 10;

  /** Segments of one model, of others, with lists and without, with deletes and filters. */
  public void testEverythingProbedEqualsBruteForce() throws IOException {
    for (VectorSimilarityFunction similarity : VectorSimilarityFunction.values()) {
      int d = 4 + random().nextInt(28);
      Corpus corpus = Corpus.clustered(random(), 3000, d, similarity).sparse(.1);
      Set<Integer> deleted = some(corpus, random().nextInt(3) * .2);
      Set<Integer> accepted = some(corpus, random().nextDouble());
      try (Directory directory = newDirectory()) {
        corpus.writeVaried(directory, deleted);
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
          IndexSearcher searcher = newSearcher(reader);
          for (int i = 0; i < 10; i++) {
            float[] target = corpus.draw();
            int k = 1 + random().nextInt(40);
            String what = similarity + ", d=" + d + ", query " + i + ", k=" + k;
            Query all = new IvfPqQuery("v", target, k, null, Corpus.EVERYTHING);
            check(corpus, searcher, what, all, target, k, id -> !deleted.contains(id));
            Query stock = new KnnFloatVectorQuery("v", target, k, null, Corpus.EVERYTHING);
            Corpus.assertSameScores(what, searcher.search(stock, k), searcher.search(all, k));
            Query filtered =
                new IvfPqQuery("v", target, k, Corpus.filter(accepted), Corpus.EVERYTHING);
            IntPredicate both = id -> accepted.contains(id) && !deleted.contains(id);
            check(corpus, searcher, what + ", filtered", filtered, target, k, both);
          }
        }
      }
    }
  }

  /** Segments that share a model find what the segment merged of them finds, and visit as much. */
  public void testSegmentsOfOneModelAreSearchedAsIfMerged() throws IOException {
    VectorSimilarityFunction[] all = VectorSimilarityFunction.values();
    Corpus corpus = Corpus.clustered(random(), 4000, 16, all[random().nextInt(all.length)]);
    String[] factories = {"", "IVF50,PQ8x4fs,RFlat", "IVF50,PQ8x4fsr", "IVF50,Flat"};
    String factory = factories[random().nextInt(factories.length)];
    IvfPqParameters parameters = Corpus.SMALL_LISTS.withFactory(factory);
    IvfPqModel model =
        IvfPqModel.train(
            Arrays.asList(corpus.vectors), corpus.similarity, corpus.size(), parameters);
    IvfPqVectorsFormat format = new IvfPqVectorsFormat(parameters, model);
    // Without residuals inner products are estimated without the list's own distance: estimates
    // tie from list to list, and slots decide which of them are cut off. There none is.
    boolean ties =
        !factory.endsWith("fsr")
            && (corpus.similarity == VectorSimilarityFunction.DOT_PRODUCT
                || corpus.similarity == VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT);
    int segments = 2 + random().nextInt(4);
    try (Directory directory = newDirectory();
        Directory copy = newDirectory()) {
      corpus.write(directory, format, segments);
      corpus.write(copy, format, segments);
      try (IndexWriter writer = new IndexWriter(copy, Corpus.config(format))) {
        writer.forceMerge(1);
      }
      try (DirectoryReader many = DirectoryReader.open(directory);
          DirectoryReader one = DirectoryReader.open(copy)) {
        assertEquals(segments, many.leaves().size());
        assertEquals(1, one.leaves().size());
        byte[] merged = fingerprint(one.leaves().get(0));
        for (LeafReaderContext leaf : many.leaves()) {
          assertArrayEquals(merged, fingerprint(leaf));
        }
        for (int i = 0; i < 30; i++) {
          float[] target = corpus.draw();
          int nprobe = 1 + random().nextInt(20);
          int kFactor = ties ? corpus.size() : 1 + random().nextInt(9);
          IvfPqSearchParameters effort =
              IvfPqSearchParameters.DEFAULT.withNprobe(nprobe).withKFactor(kFactor);
          String what = corpus.similarity + ", " + factory + ", " + i + ", nprobe=" + nprobe;
          TopDocs together = search(many, target, null, effort);
          TopDocs expected = search(one, target, null, effort);
          assertEquals(what, expected.totalHits, together.totalHits);
          assertTrue(what, together.totalHits.value() < corpus.size());
          Corpus.assertSameScores(what, expected, together);
          Query query = new IvfPqQuery("v", target, K, null, effort);
          Corpus.assertSameScores(what, expected, new IndexSearcher(many).search(query, K));
          Query filter = Corpus.filter(some(corpus, .1 + .9 * random().nextDouble()));
          Corpus.assertSameScores(
              what + ", filtered",
              search(one, target, filter, effort),
              search(many, target, filter, effort));
        }
      }
    }
  }

  /** A filter is answered the way that is the cheapest for all segments, not for each of them. */
  public void testFewAcceptedVectorsAreLookedUpInTheirListsAsIfMerged() throws IOException {
    // So few that no segment measures efforts of its own: all search by the same rule.
    Corpus corpus = Corpus.clustered(random(), 8000, 256, VectorSimilarityFunction.EUCLIDEAN);
    IvfPqParameters parameters = IvfPqParameters.DEFAULT.withFactory("IVF16,PQ256x4fs,RFlat");
    Tuning rule = Tuning.byRule(corpus.similarity, 16, corpus.size());
    IvfPqModel model =
        IvfPqModel.train(
            Arrays.asList(corpus.vectors), corpus.similarity, corpus.size(), parameters);
    IvfPqVectorsFormat format = new IvfPqVectorsFormat(parameters, model);
    try (Directory directory = newDirectory();
        Directory copy = newDirectory()) {
      corpus.write(directory, format, 4);
      corpus.write(copy, format, 4);
      try (IndexWriter writer = new IndexWriter(copy, Corpus.config(format))) {
        writer.forceMerge(1);
      }
      Set<Integer> accepted =
          random().ints(0, corpus.size()).distinct().limit(700).boxed().collect(Collectors.toSet());
      Query filter = Corpus.filter(accepted);
      try (DirectoryReader many = DirectoryReader.open(directory);
          DirectoryReader one = DirectoryReader.open(copy)) {
        for (int i = 0; i < 10; i++) {
          float[] target = corpus.draw();
          TopDocs expected = search(one, target, filter, IvfPqSearchParameters.DEFAULT);
          TopDocs together = search(many, target, filter, IvfPqSearchParameters.DEFAULT);
          assertEquals(expected.totalHits, together.totalHits);
          // As many as are scored from their lists: not all, and none that is not accepted.
          long visited = together.totalHits.value();
          assertTrue(visited + " visited", visited < accepted.size());
          long least = rule.seen(rule.at95(), accepted.size());
          assertTrue(visited + " visited of " + least, visited >= least);
          Corpus.assertSameScores("query " + i, expected, together);
          Query query = new IvfPqQuery("v", target, K, filter);
          Corpus.assertSameScores("query " + i, expected, new IndexSearcher(many).search(query, K));
        }
      }
    }
  }

  public void testFiltersOfAnyShareKeepRecall() throws IOException {
    float recall = random().nextBoolean() ? .95f : .99f;
    IvfPqSearchParameters effort = IvfPqSearchParameters.DEFAULT.withTargetRecall(recall);
    Corpus corpus = Corpus.clustered(random(), 12_000, 16, VectorSimilarityFunction.EUCLIDEAN);
    try (Directory directory = newDirectory()) {
      if (random().nextBoolean()) {
        corpus.write(directory, new IvfPqVectorsFormat(), 2 + random().nextInt(8));
      } else {
        corpus.writeVaried(directory, Set.of());
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        for (double share : new double[] {.002, .02, .05, .2, .6, .95}) {
          Set<Integer> accepted = some(corpus, share);
          List<float[]> targets = Stream.generate(corpus::draw).limit(30).toList();
          List<TopDocs> hits =
              new IvfPqSearcher(new IndexSearcher(reader), "v")
                  .search(targets, K, Corpus.filter(accepted), effort);
          int found = 0;
          int wanted = 0;
          for (int i = 0; i < targets.size(); i++) {
            float[] target = targets.get(i);
            Query query = new IvfPqQuery("v", target, K, Corpus.filter(accepted), effort);
            Corpus.assertSameScores(
                "share " + share, hits.get(i), new IndexSearcher(reader).search(query, K));
            List<Corpus.Hit> own = Corpus.hits(reader, hits.get(i).scoreDocs);
            List<Corpus.Hit> expected = corpus.exact(target, K, accepted::contains);
            corpus.assertOwnScores("share " + share, target, accepted::contains, own);
            assertEquals("share " + share, expected.size(), own.size());
            found += expected.isEmpty() ? 0 : Corpus.found(expected, own);
            wanted += expected.size();
          }
          String what = reader.leaves().size() + " segments, share " + share + ", recall " + recall;
          assertTrue(what + ": found " + found + " of " + wanted, found >= (recall - .02) * wanted);
        }
      }
    }
  }

  /** What a near segment holds ends the scoring of the others, but not before their own best. */
  public void testThresholdsOfOtherSegmentsLoseNoHits() throws IOException {
    Corpus corpus = Corpus.clustered(random(), 6000, 32, VectorSimilarityFunction.EUCLIDEAN);
    IvfPqSearchParameters everyList = IvfPqSearchParameters.DEFAULT.withNprobe(100_000);
    try (Directory directory = newDirectory()) {
      corpus.writeVaried(directory, Set.of());
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        IndexSearcher searcher = newSearcher(reader);
        int found = 0;
        for (int i = 0; i < 100; i++) {
          float[] target = corpus.draw();
          Query query = new IvfPqQuery("v", target, K, null, everyList);
          List<Corpus.Hit> hits = Corpus.hits(reader, searcher.search(query, K).scoreDocs);
          found += Corpus.found(corpus.exact(target, K, id -> true), hits);
        }
        assertTrue("found " + found + " of 1000", found >= 980);
      }
    }
  }

  public void testDefaultsReachRecallInSegmentsOfManyModels() throws IOException {
    Corpus corpus = Corpus.clustered(random(), 6000, 24, VectorSimilarityFunction.EUCLIDEAN);
    try (Directory directory = newDirectory()) {
      corpus.writeVaried(directory, Set.of());
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        IndexSearcher searcher = newSearcher(reader);
        int found = 0;
        for (int i = 0; i < 100; i++) {
          float[] target = corpus.draw();
          Query query = new IvfPqQuery("v", target, K);
          List<Corpus.Hit> hits = Corpus.hits(reader, searcher.search(query, K).scoreDocs);
          assertEquals(K, hits.size());
          found += Corpus.found(corpus.exact(target, K, id -> true), hits);
        }
        assertTrue("found " + found + " of 1000", found >= 950);
      }
    }
  }

  private static TopDocs search(
      DirectoryReader reader, float[] target, Query filter, IvfPqSearchParameters effort)
      throws IOException {
    return new IvfPqSearcher(new IndexSearcher(reader), "v")
        .search(List.of(target), K, filter, effort)
        .get(0);
  }

  private static byte[] fingerprint(LeafReaderContext leaf) {
    return LeafVectors.of(leaf.reader(), "v").meta("v").lists().fingerprint();
  }

  private static Set<Integer> some(Corpus corpus, double share) {
    Set<Integer> some = new HashSet<>();
    for (int id = 0; id < corpus.size(); id++) {
      if (random().nextDouble() < share) {
        some.add(id);
      }
    }
    return some;
  }

  private static void check(
      Corpus corpus,
      IndexSearcher searcher,
      String what,
      Query query,
      float[] target,
      int k,
      IntPredicate accepted)
      throws IOException {
    IndexReader reader = searcher.getIndexReader();
    List<Corpus.Hit> hits = Corpus.hits(reader, searcher.search(query, k).scoreDocs);
    corpus.assertExact(what, target, k, accepted, hits);
  }
}
