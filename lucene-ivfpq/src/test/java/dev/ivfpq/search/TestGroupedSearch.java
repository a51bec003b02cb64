// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.IvfPqParameters;
import dev.ivfpq.disk.ListDirectory;
import dev.ivfpq.disk.ListsReader;
import dev.ivfpq.kernel.CodeBlocks;
import dev.ivfpq.quant.Metric;
import dev.ivfpq.spec.Effort;
import dev.ivfpq.spec.Tuning;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;
import org.apache.lucene.util.VectorUtil;

/** Searches of few accepted vectors by their lists, beside the lists themselves. */
public class TestGroupedSearch extends SegmentTestCase {
  private static final int N = 3000;
  private static final int D = 8;

  private ListsReader lists;
  private int nlist;

  public TestGroupedSearch() {
    super(
        N,
        D,
        IvfPqParameters.DEFAULT.withExactBelow(4).withMinVectorsPerList(2).withMaxModelShare(1e9));
  }

  private static final Effort EVERYWHERE = new Effort(1, 0, Float.POSITIVE_INFINITY, 2.5f, 10);

  @Override
  public void setUp() throws Exception {
    super.setUp();
    lists = reader.lists("v");
    nlist = reader.meta("v").lists().nlist();
    assertTrue("lists: " + nlist, nlist > 10);
  }

  private ExactScorer exact(float[] target, KnnCollector collector) throws IOException {
    return exact(VectorSimilarityFunction.EUCLIDEAN, target, collector);
  }

  private ExactScorer exact(
      VectorSimilarityFunction similarity, float[] target, KnnCollector collector)
      throws IOException {
    FloatVectorValues values = reader.getFloatVectorValues("v");
    return new ExactScorer(
        FlatVectorScorerUtil.getLucene99FlatVectorsScorer()
            .getRandomVectorScorer(similarity, values, target),
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
      assertIsByList(new GroupedOrdinals(accepted, lists, nlist), accepted);
      assertIsByList(listed(accepted), accepted);
    }
  }

  /** As of one speaker in an index sorted by speaker. */
  public void testRangeIsFoundInEachList() throws IOException {
    for (int round = 0; round < 20; round++) {
      int first = random().nextInt(N);
      int step = 1 + random().nextInt(3);
      int[] accepted =
          IntStream.range(0, 1 + (N - 1 - first) / step).map(i -> first + i * step).toArray();
      accepted = Arrays.copyOf(accepted, 1 + random().nextInt(accepted.length));
      assertIsByList(new GroupedOrdinals(accepted, lists, nlist), accepted);
      assertIsByList(listed(accepted), accepted);
    }
  }

  private ListedOrdinals listed(int[] accepted) {
    FixedBitSet set = new FixedBitSet(N);
    for (int ordinal : accepted) {
      set.set(ordinal);
    }
    Bits bits =
        random().nextBoolean()
            ? set
            : new Bits() {
              @Override
              public boolean get(int ordinal) {
                return set.get(ordinal);
              }

              @Override
              public int length() {
                return N;
              }
            };
    return new ListedOrdinals(new AcceptedOrdinals(bits, N), lists, N);
  }

  private void assertIsByList(AcceptedByList byList, int[] accepted) throws IOException {
    for (int list = 0; list < nlist; list++) {
      List<Integer> ordinals = new ArrayList<>();
      int size = byList.size(list);
      for (int i = 0; i < size; i++) {
        ordinals.add(byList.ordinal(list, i));
      }
      assertEquals(inList(list, accepted), ordinals);
    }
  }

  public void testListThatIsMetTwiceIsDamaged() throws IOException {
    int[] all = IntStream.range(0, N).toArray();
    ListedOrdinals listed = listed(all);
    int list = IntStream.range(0, nlist).filter(l -> size(l) > 0).findFirst().getAsInt();
    listed.size(list);
    CorruptIndexException e = expectThrows(CorruptIndexException.class, () -> listed.size(list));
    assertTrue(e.getMessage(), e.getMessage().contains("two lists hold ordinal "));
  }

  private int size(int list) {
    try {
      return lists.directory().entry(list).size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void testListsAreScoredInOrderUntilEnoughAreSeen() throws IOException {
    int early = 0;
    int further = 0;
    for (int round = 0; round < 100; round++) {
      int[] accepted = accepted();
      float[] distances = new float[nlist];
      Integer[] order = new Integer[nlist];
      for (int list = 0; list < nlist; list++) {
        distances[list] = 12 * random().nextFloat();
        order[list] = list;
      }
      Arrays.sort(order, Comparator.comparing(list -> distances[list]));
      int k = 1 + random().nextInt(20);
      int wanted = k + random().nextInt(random().nextBoolean() ? N : N / 20);
      float reach = random().nextBoolean() ? 1.3f : Float.POSITIVE_INFINITY;
      float[] target = vectors[random().nextInt(N)].clone();
      List<Integer> seen = new ArrayList<>();
      float worst = Float.POSITIVE_INFINITY;
      int unscored = 0;
      int most = wanted;
      int halves = random().nextInt(3);
      int left = halves;
      float atHalf = 0;
      for (int place = 0; place < nlist; place++) {
        float kth = seen.size() < k ? Float.POSITIVE_INFINITY : distances(seen, target)[k - 1];
        if (atHalf == 0 && left > 0 && 2 * seen.size() >= most) {
          atHalf = kth;
          worst = kth;
        }
        if (seen.size() >= most) {
          if (left == 0 || kth >= atHalf) {
            break;
          }
          left--;
          further++;
          atHalf = kth;
          worst = kth;
          most = seen.size() + (wanted + 1) / 2;
        }
        if (6 * seen.size() >= most
            && reach < Float.POSITIVE_INFINITY
            && distances[order[place]] > 1.1f * worst) {
          early++;
          break;
        }
        List<Integer> inList = inList(order[place], accepted);
        seen.addAll(inList);
        unscored += inList.size();
        if (unscored >= 16) {
          unscored = 0;
          worst = seen.size() < k ? worst : distances(seen, target)[k - 1];
        }
      }
      TopKnnCollector collector = new TopKnnCollector(k, Integer.MAX_VALUE);
      AcceptedByList byList =
          random().nextBoolean() ? new GroupedOrdinals(accepted, lists, nlist) : listed(accepted);
      new GroupedSearch(
              List.of(new GroupedSearch.Part(byList, exact(target, collector))),
              ListOrder.of(distances.clone(), 1 + random().nextInt(nlist)),
              Metric.EUCLIDEAN,
              collector)
          .search(wanted, new Effort(1, halves, reach, 2.5f, 10));
      assertEquals(seen.size(), collector.visitedCount());
      assertEquals(best(seen, target, k), scores(collector.topDocs().scoreDocs));
    }
    assertTrue("ended before enough were seen: " + early, early > 0);
    assertTrue("went on: " + further, further > 0);
  }

  /** Ascending. */
  private float[] distances(List<Integer> ordinals, float[] target) {
    float[] distances = new float[ordinals.size()];
    for (int i = 0; i < distances.length; i++) {
      distances[i] = VectorUtil.squareDistance(target, vectors[ordinals.get(i)]);
    }
    Arrays.sort(distances);
    return distances;
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
            Metric.EUCLIDEAN,
            collector)
        .search(accepted.length, EVERYWHERE);
    List<Integer> all = Arrays.stream(accepted).boxed().toList();
    assertEquals(best(all, target, 10), scores(collector.topDocs().scoreDocs));
  }

  /** Distances of inner products may be negative: so many times one is no farther. */
  public void testEnoughOfInnerProductsIsNotLess() throws IOException {
    int[] accepted = accepted();
    float[] distances = new float[nlist];
    for (int list = 0; list < nlist; list++) {
      distances[list] = -random().nextFloat();
    }
    TopKnnCollector collector = new TopKnnCollector(10, Integer.MAX_VALUE);
    VectorSimilarityFunction product = VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT;
    new GroupedSearch(
            List.of(
                new GroupedSearch.Part(
                    new GroupedOrdinals(accepted, lists, nlist),
                    exact(product, vectors[0], collector))),
            ListOrder.of(distances, 1),
            Metric.MAXIMUM_INNER_PRODUCT,
            collector)
        .search(accepted.length, EVERYWHERE);
    assertEquals(accepted.length, collector.visitedCount());
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
            Metric.EUCLIDEAN,
            collector)
        .search(1, EVERYWHERE);
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
            Metric.EUCLIDEAN,
            collector)
        .search(N, EVERYWHERE);
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
    assertEquals(FilterCost.Way.ALL, cheapest(117_000, 684, 500, 117_000));
    assertEquals(FilterCost.Way.GROUPED, cheapest(117_000, 684, 3_600, 117_000));
    assertEquals(FilterCost.Way.LISTED, cheapest(117_000, 684, 3_600, 3_600));
    assertEquals(FilterCost.Way.WALKED, cheapest(117_000, 684, 11_700, 117_000));
    assertEquals(FilterCost.Way.WALKED, cheapest(117_000, 684, 117_000, 117_000));
    assertEquals(FilterCost.Way.ALL, cheapest(1_000_000, 1014, 500, 1_000_000));
    assertEquals(FilterCost.Way.GROUPED, cheapest(1_000_000, 1014, 10_000, 1_000_000));
    assertEquals(FilterCost.Way.LISTED, cheapest(1_000_000, 1014, 10_000, 10_000));
    assertEquals(FilterCost.Way.WALKED, cheapest(1_000_000, 1014, 100_000, 1_000_000));
  }

  public void testOneHitMayTurnOutARange() {
    assertEquals(FilterCost.Way.WALKED, cost(117_000, 684, 3_600, 117_000, 1).cheapest(1));
  }

  public void testManyQueriesShareTheLookUp() {
    assertEquals(FilterCost.Way.LISTED, cost(117_000, 684, 3_600, 3_600, 1).cheapest(10));
    assertEquals(FilterCost.Way.GROUPED, cost(117_000, 684, 3_600, 3_600, 32).cheapest(10));
  }

  private static FilterCost.Way cheapest(int n, int nlist, int m, int span) {
    return cost(n, nlist, m, span, 1).cheapest(10);
  }

  private static FilterCost cost(int n, int nlist, int m, int span, int queries) {
    Tuning tuning = Tuning.byRule(VectorSimilarityFunction.EUCLIDEAN, nlist, n);
    long wanted = tuning.seen(tuning.at95(), m);
    return new FilterCost(n, 256, nlist, 48, m, span, wanted, 1.25f, queries);
  }
}
