// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.IvfPqParameters;
import dev.ivfpq.IvfPqVectorsFormat;
import dev.ivfpq.disk.ListDirectory;
import dev.ivfpq.disk.ListsReader;
import dev.ivfpq.kernel.CodeBlocks;
import dev.ivfpq.spec.Tuning;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FilterLeafReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;

/** Searches of few accepted vectors by their lists, beside the lists themselves. */
public class TestGroupedSearch extends LuceneTestCase {
  private static final int N = 3000;
  private static final int D = 8;

  private final float[][] vectors = new float[N][D];
  private Directory directory;
  private DirectoryReader opened;
  private IvfPqVectorsReader reader;
  private ListsReader lists;
  private int nlist;

  @Override
  public void setUp() throws Exception {
    super.setUp();
    directory = newDirectory();
    IvfPqParameters small =
        IvfPqParameters.DEFAULT.withExactBelow(4).withMinVectorsPerList(2).withMaxModelShare(1e9);
    IndexWriterConfig config =
        new IndexWriterConfig()
            .setCodec(TestUtil.alwaysKnnVectorsFormat(new IvfPqVectorsFormat(small)));
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (float[] vector : vectors) {
        for (int j = 0; j < D; j++) {
          vector[j] = (float) random().nextGaussian();
        }
        Document document = new Document();
        document.add(new KnnFloatVectorField("v", vector, VectorSimilarityFunction.EUCLIDEAN));
        writer.addDocument(document);
      }
      writer.forceMerge(1);
    }
    opened = DirectoryReader.open(directory);
    CodecReader leaf = (CodecReader) FilterLeafReader.unwrap(opened.leaves().get(0).reader());
    reader = IvfPqVectorsReader.of(leaf.getVectorReader(), "v");
    lists = reader.lists("v");
    nlist = reader.meta("v").lists().nlist();
    assertTrue("lists: " + nlist, nlist > 10);
  }

  @Override
  public void tearDown() throws Exception {
    opened.close();
    directory.close();
    super.tearDown();
  }

  private ExactScorer exact(float[] target, KnnCollector collector) throws IOException {
    FloatVectorValues values = reader.getFloatVectorValues("v");
    return new ExactScorer(
        FlatVectorScorerUtil.getLucene99FlatVectorsScorer()
            .getRandomVectorScorer(VectorSimilarityFunction.EUCLIDEAN, values, target),
        collector,
        null);
  }

  private int[] accepted() {
    double share = random().nextDouble();
    int[] accepted = new int[N];
    int count = 0;
    for (int i = 0; i < N; i++) {
      if (random().nextDouble() < share) {
        accepted[count++] = i;
      }
    }
    return Arrays.copyOf(accepted, count);
  }

  /** The accepted ordinals of a list, read from the list. */
  private List<Integer> inList(int list, int[] accepted) throws IOException {
    ListDirectory.Entry entry = lists.directory().entry(list);
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < entry.size(); i++) {
      int ordinal = lists.ordinal((long) entry.firstBlock() * CodeBlocks.BLOCK + i);
      if (Arrays.binarySearch(accepted, ordinal) >= 0) {
        found.add(ordinal);
      }
    }
    return found;
  }

  public void testGroupsAreTheAcceptedOrdinalsOfEachList() throws IOException {
    for (int round = 0; round < 20; round++) {
      int[] accepted = accepted();
      GroupedOrdinals grouped = new GroupedOrdinals(accepted, lists, nlist);
      for (int list = 0; list < nlist; list++) {
        List<Integer> ordinals = new ArrayList<>();
        for (int i = 0; i < grouped.size(list); i++) {
          ordinals.add(grouped.ordinal(list, i));
        }
        assertEquals(inList(list, accepted), ordinals);
      }
    }
  }

  public void testListsAreScoredInOrderUntilEnoughAreSeen() throws IOException {
    for (int round = 0; round < 50; round++) {
      int[] accepted = accepted();
      float[] distances = new float[nlist];
      Integer[] order = new Integer[nlist];
      for (int list = 0; list < nlist; list++) {
        distances[list] = random().nextFloat();
        order[list] = list;
      }
      Arrays.sort(order, Comparator.comparing(list -> distances[list]));
      int k = 1 + random().nextInt(20);
      int enough = k + random().nextInt(N);
      float most = random().nextBoolean() ? Float.POSITIVE_INFINITY : 1 + 9 * random().nextFloat();
      List<Integer> seen = new ArrayList<>();
      float nearest = Float.POSITIVE_INFINITY;
      for (int place = 0; place < nlist && seen.size() < enough; place++) {
        float distance = distances[order[place]];
        if (6 * seen.size() >= enough && distance > most * nearest) {
          break;
        }
        seen.addAll(inList(order[place], accepted));
        if (seen.size() >= 2 * k) {
          nearest = Math.min(nearest, distance);
        }
      }
      float[] target = vectors[random().nextInt(N)].clone();
      TopKnnCollector collector = new TopKnnCollector(k, Integer.MAX_VALUE);
      ExactScorer exact = exact(target, collector);
      new GroupedSearch(
              List.of(new GroupedSearch.Part(new GroupedOrdinals(accepted, lists, nlist), exact)),
              ListOrder.of(distances.clone(), 1 + random().nextInt(nlist)),
              collector)
          .search(new Wanted(enough, most));
      assertEquals(seen.size(), collector.visitedCount());
      assertEquals(best(seen, target, k), scores(collector.topDocs().scoreDocs));
    }
  }

  public void testEnoughForAllEqualsBruteForce() throws IOException {
    int[] accepted = accepted();
    float[] target = vectors[random().nextInt(N)].clone();
    TopKnnCollector collector = new TopKnnCollector(10, Integer.MAX_VALUE);
    new GroupedSearch(
            List.of(
                new GroupedSearch.Part(
                    new GroupedOrdinals(accepted, lists, nlist), exact(target, collector))),
            ListOrder.of(new float[nlist], 1),
            collector)
        .search(new Wanted(accepted.length, Float.POSITIVE_INFINITY));
    List<Integer> all = Arrays.stream(accepted).boxed().toList();
    assertEquals(best(all, target, 10), scores(collector.topDocs().scoreDocs));
  }

  /** As where many children have one parent. */
  public void testCollectorThatIsNeverFullGetsAll() throws IOException {
    int[] accepted = accepted();
    TopKnnCollector collector =
        new TopKnnCollector(10, Integer.MAX_VALUE) {
          @Override
          public float minCompetitiveSimilarity() {
            return Float.NEGATIVE_INFINITY;
          }
        };
    new GroupedSearch(
            List.of(
                new GroupedSearch.Part(
                    new GroupedOrdinals(accepted, lists, nlist), exact(vectors[0], collector))),
            ListOrder.of(new float[nlist], 1),
            collector)
        .search(new Wanted(1, Float.POSITIVE_INFINITY));
    assertEquals(accepted.length, collector.visitedCount());
  }

  public void testLimitOnVisitsIsKept() throws IOException {
    int[] all = new int[N];
    Arrays.setAll(all, i -> i);
    int limit = 200;
    TopKnnCollector collector = new TopKnnCollector(10, limit);
    new GroupedSearch(
            List.of(
                new GroupedSearch.Part(
                    new GroupedOrdinals(all, lists, nlist), exact(vectors[0], collector))),
            ListOrder.of(new float[nlist], 1),
            collector)
        .search(new Wanted(N, Float.POSITIVE_INFINITY));
    assertTrue(collector.earlyTerminated());
    assertTrue("" + collector.visitedCount(), collector.visitedCount() < limit + 64);
  }

  private List<String> best(List<Integer> ordinals, float[] target, int k) {
    List<Float> scores = new ArrayList<>();
    for (int ordinal : ordinals) {
      scores.add(VectorSimilarityFunction.EUCLIDEAN.compare(target, vectors[ordinal]));
    }
    scores.sort(Comparator.reverseOrder());
    return scores.subList(0, Math.min(k, scores.size())).stream().map(this::rounded).toList();
  }

  private List<String> scores(ScoreDoc[] docs) {
    return Arrays.stream(docs).map(doc -> rounded(doc.score)).toList();
  }

  /** Scalar and vector sums differ in their last bits. */
  private String rounded(float score) {
    return String.format(Locale.ROOT, "%.4f", score);
  }

  public void testEachWayIsTheCheapestSomewhere() {
    assertEquals("all", cheapest(117_000, 256, 684, 48, 500));
    assertEquals("walked", cheapest(117_000, 256, 684, 48, 11_700));
    assertEquals("walked", cheapest(117_000, 256, 684, 48, 117_000));
    assertEquals("all", cheapest(1_000_000, 256, 1014, 48, 500));
    assertEquals("grouped", cheapest(1_000_000, 256, 1014, 48, 10_000));
    assertEquals("walked", cheapest(1_000_000, 256, 1014, 48, 100_000));
  }

  private static String cheapest(int n, int d, int nlist, int M, int m) {
    Tuning tuning = Tuning.byRule(VectorSimilarityFunction.EUCLIDEAN, nlist, n);
    Wanted wanted = new Wanted(tuning.seen(tuning.at95(), m), Float.POSITIVE_INFINITY);
    FilterCost cost = new FilterCost(n, d, nlist, M, m, wanted);
    double least = Math.min(cost.all(), Math.min(cost.grouped(), cost.walked()));
    return least == cost.all() ? "all" : least == cost.grouped() ? "grouped" : "walked";
  }
}
