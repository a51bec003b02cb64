// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import dev.ivfpq.Corpus.Hit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.NIOFSDirectory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.LuceneTestCase.SuppressFileSystems;

/** The same answers from every directory, from every thread, and none from a closed reader. */
@SuppressFileSystems("*")
public class TestDirectories extends LuceneTestCase {
  private static final int N = 2500;
  private static final int K = 10;
  private static final int QUERIES = 20;

  private Corpus corpus() {
    VectorSimilarityFunction[] all = VectorSimilarityFunction.values();
    return Corpus.clustered(random(), N, 24, all[random().nextInt(all.length)]);
  }

  private static List<float[]> queries(Corpus corpus) {
    List<float[]> queries = new ArrayList<>();
    for (int i = 0; i < QUERIES; i++) {
      queries.add(corpus.draw());
    }
    return queries;
  }

  private static List<List<Hit>> answers(DirectoryReader reader, List<float[]> queries)
      throws IOException {
    List<List<Hit>> answers = new ArrayList<>();
    for (float[] target : queries) {
      answers.add(Corpus.search(reader, new KnnFloatVectorQuery("v", target, K), K));
    }
    return answers;
  }

  private static void write(Corpus corpus, Directory directory, boolean compound)
      throws IOException {
    TieredMergePolicy merges = new TieredMergePolicy();
    merges.setNoCFSRatio(compound ? 1 : 0);
    IndexWriterConfig config =
        Corpus.config(new IvfPqVectorsFormat()).setUseCompoundFile(compound).setMergePolicy(merges);
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      corpus.add(writer, 0, N);
    }
    boolean isCompound = false;
    for (String file : directory.listAll()) {
      isCompound |= file.endsWith(".cfs");
    }
    assertEquals(compound, isCompound);
  }

  public void testEveryDirectoryGivesTheSameHitsCompoundOrNot() throws IOException {
    Corpus corpus = corpus();
    List<float[]> queries = queries(corpus);
    List<List<Hit>> expected = null;
    for (boolean compound : new boolean[] {false, true}) {
      Path path = createTempDir();
      for (Directory directory :
          List.of(
              new MMapDirectory(path.resolve("mmap")),
              new MMapDirectory(path.resolve("chunks"), 4096),
              new NIOFSDirectory(path.resolve("nio")),
              new ByteBuffersDirectory(),
              new FilterDirectory(new MMapDirectory(path.resolve("filter"))) {})) {
        String what = directory + ", compound " + compound;
        try (directory) {
          write(corpus, directory, compound);
          try (DirectoryReader reader = DirectoryReader.open(directory)) {
            assertTrue(
                IvfPqFieldStats.of(reader.leaves().get(0).reader(), "v").orElseThrow().nlist() > 1);
            List<List<Hit>> answers = answers(reader, queries);
            expected = expected == null ? answers : expected;
            assertSame(what, expected, answers);
            float[] target = queries.get(0);
            corpus.assertExact(
                what,
                target,
                K,
                id -> true,
                Corpus.search(reader, corpus.everything(target, K), K));
          }
        }
      }
    }
  }

  /**
   * The same documents. Scores may be summed in another order: Lucene's kernels do so for several
   * rows at once, and once they are compiled.
   */
  private static void assertSame(String what, List<List<Hit>> expected, List<List<Hit>> answers) {
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(
          what,
          expected.get(i).stream().map(Hit::id).toList(),
          answers.get(i).stream().map(Hit::id).toList());
      for (int h = 0; h < expected.get(i).size(); h++) {
        float score = expected.get(i).get(h).score();
        assertEquals(what, score, answers.get(i).get(h).score(), 1e-5 * score);
      }
    }
  }

  public void testSixteenThreadsGiveTheAnswersOfOne() throws Exception {
    Corpus corpus = corpus();
    List<float[]> queries = queries(corpus);
    try (Directory directory = new MMapDirectory(createTempDir())) {
      write(corpus, directory, false);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        List<List<Hit>> expected = answers(reader, queries);
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 16; t++) {
          threads.add(
              new Thread(
                  () -> {
                    try {
                      for (int round = 0; round < 5; round++) {
                        assertSame("round " + round, expected, answers(reader, queries));
                      }
                    } catch (Throwable e) {
                      failures.add(e);
                    }
                  }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
          thread.join();
        }
        assertEquals(List.of(), failures);
      }
    }
  }

  public void testReaderClosedUnderASearchGivesAlreadyClosedOnly() throws Exception {
    Corpus corpus = corpus();
    List<float[]> queries = queries(corpus);
    for (int round = 0; round < 12; round++) {
      Path path = createTempDir();
      try (Directory directory =
          round % 3 == 2 ? new NIOFSDirectory(path) : new MMapDirectory(path)) {
        write(corpus, directory, round % 2 == 1);
        closeUnderSearches(corpus, DirectoryReader.open(directory), queries);
      }
    }
  }

  private static void closeUnderSearches(
      Corpus corpus, DirectoryReader reader, List<float[]> queries) throws Exception {
    List<Throwable> ends = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch searching = new CountDownLatch(3);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      boolean everything = t == 0;
      Thread thread =
          new Thread(
              () -> {
                try {
                  for (int i = 0; ; i++) {
                    float[] target = queries.get(i % queries.size());
                    Query query =
                        everything
                            ? corpus.everything(target, K)
                            : new KnnFloatVectorQuery("v", target, K);
                    query.rewrite(new IndexSearcher(reader));
                    searching.countDown();
                  }
                } catch (Throwable e) {
                  ends.add(e);
                  searching.countDown();
                }
              });
      thread.start();
      threads.add(thread);
    }
    assertTrue(searching.await(20, TimeUnit.SECONDS));
    reader.close();
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(3, ends.size());
    for (Throwable end : ends) {
      if (!(end instanceof AlreadyClosedException)) {
        throw new AssertionError("a search ended with " + end, end);
      }
    }
  }
}
