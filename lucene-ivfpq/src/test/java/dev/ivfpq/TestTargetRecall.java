// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;

/** What a segment measured when it was written holds for queries from outside. */
public class TestTargetRecall extends LuceneTestCase {
  private static final int N = 9000;
  private static final int QUERIES = 200;

  public void testRecallAskedForIsReached() throws IOException {
    for (VectorSimilarityFunction similarity :
        List.of(VectorSimilarityFunction.EUCLIDEAN, VectorSimilarityFunction.DOT_PRODUCT)) {
      Corpus corpus = Corpus.clustered(random(), N, 24, similarity);
      float[][] targets = new float[QUERIES][];
      for (int i = 0; i < QUERIES; i++) {
        targets[i] = corpus.draw();
      }
      try (Directory directory = newDirectory()) {
        corpus.write(directory, new IvfPqVectorsFormat(), 1);
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
          // Draws from a cluster of independent Gaussians have no near neighbours at all: the
          // lower targets fall short on them, as they do not on voices.
          assertRecall(corpus, reader, targets, .90f, .80);
          assertRecall(corpus, reader, targets, .95f, .91);
          assertRecall(corpus, reader, targets, .99f, .97);
        }
      }
    }
  }

  public void testEqualFieldsGetEqualEfforts() throws IOException {
    Corpus corpus = Corpus.clustered(random(), N, 16, VectorSimilarityFunction.EUCLIDEAN);
    assertEquals(stats(corpus), stats(corpus));
  }

  public void testSmallFieldsGetRules() throws IOException {
    Corpus corpus = Corpus.clustered(random(), 2000, 16, VectorSimilarityFunction.EUCLIDEAN);
    IvfPqFieldStats stats = stats(corpus);
    assertEquals(15 + stats.nlist() / 25, stats.nprobe());
    assertEquals(10, stats.kFactor(), 0);
  }

  /** The nearest lists are ranked at first, the others only when they are wanted. */
  public void testListsBeyondTheNearestAreScannedWhenWanted() throws IOException {
    checkListsBeyondTheNearest(new IvfPqVectorsFormat());
    // So many that their centroids have codes.
    checkListsBeyondTheNearest(new IvfPqVectorsFormat("IVF2100,PQ8x4fs,RFlat"));
  }

  private void checkListsBeyondTheNearest(IvfPqVectorsFormat format) throws IOException {
    Corpus corpus = Corpus.clustered(random(), N, 16, VectorSimilarityFunction.EUCLIDEAN);
    Set<Integer> accepted = new HashSet<>();
    while (accepted.size() < 300) {
      accepted.add(random().nextInt(N));
    }
    try (Directory directory = newDirectory()) {
      corpus.write(directory, format, 1);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        IvfPqSearchParameters few = IvfPqSearchParameters.DEFAULT.withNprobe(4).withKFactor(2);
        for (int i = 0; i < 20; i++) {
          float[] target = corpus.draw();
          Query query = new KnnFloatVectorQuery("v", target, 290, Corpus.filter(accepted), few);
          List<Corpus.Hit> hits = Corpus.search(reader, query, 290);
          assertEquals(290, hits.size());
          corpus.assertOwnScores("query " + i, target, accepted::contains, hits);
          // All but ten of the accepted are hits, so most lists were scanned.
          int found = Corpus.found(corpus.exact(target, 290, accepted::contains), hits);
          assertTrue("found " + found, found >= 280);
        }
      }
    }
  }

  private static void assertRecall(
      Corpus corpus, DirectoryReader reader, float[][] targets, float target, double least)
      throws IOException {
    double recall = found(corpus, reader, targets, target) / (10.0 * QUERIES);
    assertTrue(corpus.similarity + ", " + target + ": recall@10=" + recall, recall >= least);
  }

  private static int found(
      Corpus corpus, DirectoryReader reader, float[][] targets, float targetRecall)
      throws IOException {
    IvfPqSearchParameters strategy = IvfPqSearchParameters.DEFAULT.withTargetRecall(targetRecall);
    int found = 0;
    for (float[] target : targets) {
      List<Corpus.Hit> hits =
          Corpus.search(reader, new KnnFloatVectorQuery("v", target, 10, null, strategy), 10);
      found += Corpus.found(corpus.exact(target, 10, id -> true), hits);
    }
    return found;
  }

  private static IvfPqFieldStats stats(Corpus corpus) throws IOException {
    try (Directory directory = newDirectory()) {
      corpus.write(directory, new IvfPqVectorsFormat(), 1);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        LeafReader leaf = reader.leaves().get(0).reader();
        return IvfPqFieldStats.of(leaf, "v").orElseThrow();
      }
    }
  }
}
