// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;

/** Searches that run out of time, and merges that are called off. */
public class TestTimeLimits extends LuceneTestCase {
  private static final int N = 20_000;
  private static final int D = 32;

  /** Generous: the machine may be busy, and has a moment of its own to notice. */
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);

  public void testSearchOutOfTimeKeepsWhatItHasFound() throws Exception {
    Corpus corpus = Corpus.clustered(random(), N, D, VectorSimilarityFunction.EUCLIDEAN);
    try (Directory directory = newDirectory()) {
      corpus.write(directory, new IvfPqVectorsFormat(), 1);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        float[] target = corpus.draw();
        int polls = polls(corpus, reader, target, Integer.MAX_VALUE);
        assertTrue("a search polls at every list, polled " + polls, polls > 10);
        for (int last : new int[] {1, 2, polls / 2, polls - 1}) {
          // Once told to stop it asks a few times more on its way out, and scans nothing.
          int asked = polls(corpus, reader, target, last);
          assertTrue(asked + " polls, told to stop at " + last, asked <= last + 4);
        }
      }
    }
  }

  /**
   * Searches until the time is up at the {@code last}-th poll; returns how many polls there were.
   */
  private static int polls(Corpus corpus, DirectoryReader reader, float[] target, int last)
      throws Exception {
    AtomicInteger polls = new AtomicInteger();
    IndexSearcher searcher = new IndexSearcher(reader);
    searcher.setTimeout(() -> polls.incrementAndGet() >= last);
    ScoreDoc[] scoreDocs = searcher.search(new KnnFloatVectorQuery("v", target, 10), 10).scoreDocs;
    List<Corpus.Hit> hits = Corpus.hits(reader, scoreDocs);
    corpus.assertOwnScores("stopped at poll " + last, target, id -> true, hits);
    return polls.get();
  }

  public void testRollbackAtAnyMomentOfAMergeIsQuickAndLeavesNoTemporaryFile() throws Exception {
    Corpus corpus = Corpus.clustered(random(), N, D, VectorSimilarityFunction.EUCLIDEAN);
    long longest = 0;
    try (Directory directory = newDirectory()) {
      corpus.write(directory, new IvfPqVectorsFormat(), 3);
      List<String> before = List.of(directory.listAll());
      for (int round = 0; round < 6; round++) {
        IndexWriter writer =
            new IndexWriter(
                directory,
                Corpus.config(new IvfPqVectorsFormat())
                    .setMergeScheduler(new ConcurrentMergeScheduler()));
        writer.forceMerge(1, false);
        Thread.sleep(random().nextInt(600));
        long start = System.nanoTime();
        writer.rollback();
        longest = Math.max(longest, System.nanoTime() - start);
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
          assertEquals(N, reader.numDocs());
        }
        assertEquals(before, List.of(directory.listAll()));
      }
    }
    System.out.println("longest rollback: " + longest / 1_000_000 + " ms");
    assertTrue("rollback took " + longest / 1_000_000 + " ms", longest < MOST_NANOS);
  }
}
