// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;

/**
 * Recall after random schedules of adds, updates, deletes, merges and imported indexes, beside that
 * of the same documents built at once. {@code -Dtests.schedules=100} runs as many of them.
 */
public class TestMergeRecall extends LuceneTestCase {
  private static final int SCHEDULES = Integer.getInteger("tests.schedules", 2);
  private static final int N = 6000;
  private static final int K = 10;
  private static final int QUERIES = 200;

  /** With the noise of {@value #QUERIES} queries. */
  private static final double TOLERANCE = .015;

  private static final IvfPqSearchParameters SETTINGS =
      IvfPqSearchParameters.DEFAULT.withNprobe(12).withKFactor(4);

  public void testRecallIsThatOfAFreshIndex() throws Exception {
    for (int schedule = 0; schedule < SCHEDULES; schedule++) {
      Corpus corpus =
          Corpus.clustered(random(), N, 24, VectorSimilarityFunction.EUCLIDEAN)
              .sparse(random().nextInt(3) * .2);
      BitSet live = new BitSet();
      List<String> said = new ArrayList<>();
      try (Directory scheduled = new ByteBuffersDirectory();
          Directory fresh = new ByteBuffersDirectory()) {
        Sort sort =
            random().nextBoolean()
                ? null
                : new Sort(new SortField("id", SortField.Type.LONG, random().nextBoolean()));
        run(corpus, scheduled, sort, live, said);
        try (IndexWriter writer = new IndexWriter(fresh, config(null))) {
          for (int id = live.nextSetBit(0); id >= 0; id = live.nextSetBit(id + 1)) {
            writer.addDocument(corpus.document(id));
          }
          writer.forceMerge(1);
        }
        List<float[]> targets = new ArrayList<>();
        for (int i = 0; i < QUERIES; i++) {
          targets.add(corpus.draw());
        }
        double expected = recall(corpus, fresh, targets, live);
        double actual = recall(corpus, scheduled, targets, live);
        String what = "schedule " + schedule + ": " + said + ", sort " + sort;
        assertTrue(
            what + ": recall " + actual + ", fresh " + expected, actual >= expected - TOLERANCE);
      }
    }
  }

  private static IndexWriterConfig config(Sort sort) {
    IndexWriterConfig config = Corpus.config(new IvfPqVectorsFormat());
    return sort == null ? config : config.setIndexSort(sort);
  }

  private static void run(
      Corpus corpus, Directory directory, Sort sort, BitSet live, List<String> said)
      throws IOException {
    IndexWriter writer = new IndexWriter(directory, config(sort));
    try {
      int next = 0;
      while (next < N) {
        int from = next;
        switch (random().nextInt(8)) {
          case 0 -> {
            writer.forceMerge(1 + random().nextInt(3));
            said.add("merge");
          }
          case 1 -> {
            // Another process: the model shared by flushes is gone.
            writer.close();
            writer = new IndexWriter(directory, config(sort));
            said.add("reopen");
          }
          case 2 -> {
            int step = 5 + random().nextInt(20);
            for (int id = random().nextInt(step); id < next; id += step) {
              writer.deleteDocuments(new Term("id", "" + id));
              live.clear(id);
            }
            said.add("delete 1/" + step);
          }
          case 3 -> {
            for (int id = 0; id < next; id += 3) {
              if (live.get(id)) {
                writer.updateDocument(new Term("id", "" + id), corpus.document(id));
              }
            }
            said.add("update 1/3");
          }
          case 4 -> {
            next = Math.min(N, next + 1 + random().nextInt(2000));
            try (Directory other = new ByteBuffersDirectory()) {
              try (IndexWriter imported = new IndexWriter(other, config(sort))) {
                corpus.add(imported, from, next);
              }
              writer.addIndexes(other);
            }
            said.add("import " + (next - from));
          }
          default -> {
            next = Math.min(N, next + 1 + random().nextInt(2000));
            corpus.add(writer, from, next);
            said.add("add " + (next - from));
          }
        }
        live.set(from, next);
      }
      if (random().nextBoolean()) {
        writer.forceMerge(1);
        said.add("merge to 1");
      }
    } finally {
      writer.close();
    }
  }

  private static double recall(
      Corpus corpus, Directory directory, List<float[]> targets, BitSet live) throws IOException {
    int found = 0;
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      for (float[] target : targets) {
        Query query = new KnnFloatVectorQuery("v", target, K, null, SETTINGS);
        List<Corpus.Hit> hits = Corpus.search(reader, query, K);
        corpus.assertOwnScores("hits", target, live::get, hits);
        found += Corpus.found(corpus.exact(target, K, live::get), hits);
      }
    }
    return (double) found / K / targets.size();
  }
}
