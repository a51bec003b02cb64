// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.IvfPqParameters;
import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.spec.Effort;
import java.io.IOException;
import java.util.List;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/** What searches do, beside what is told of them from one that looked at everything. */
public class TestNearestSearch extends SegmentTestCase {
  private static final int N = 4000;
  private static final int D = 16;

  private FieldMeta meta;

  public TestNearestSearch() {
    super(N, D, IvfPqParameters.DEFAULT.withExactBelow(4).withMaxModelShare(1e9));
  }

  @Override
  public void setUp() throws Exception {
    super.setUp();
    meta = reader.meta("v");
    assertTrue("lists: " + meta.lists().nlist(), meta.lists().nlist() > 30);
    assertTrue("M: " + meta.lists().M(), meta.lists().M() > 0);
  }

  /** Counts the lists that are scanned. */
  private static final class CountedWalk implements Walk {
    private final Walk walk;
    private int scanned;
    private boolean restarted;

    CountedWalk(Walk walk) {
      this.walk = walk;
    }

    @Override
    public boolean hasNext() {
      return walk.hasNext();
    }

    @Override
    public float distance() throws IOException {
      return walk.distance();
    }

    @Override
    public int scanNext(CandidateSink sink) throws IOException {
      scanned++;
      return walk.scanNext(sink);
    }

    @Override
    public void restart() throws IOException {
      restarted = true;
      walk.restart();
    }
  }

  /** Counts the vectors that are scored. */
  private static final class CountedCollector extends TopKnnCollector {
    private int scored;

    CountedCollector(int k) {
      super(k, Integer.MAX_VALUE);
    }

    @Override
    public boolean collect(int doc, float score) {
      scored++;
      return super.collect(doc, score);
    }
  }

  private float[] target() {
    float[] target = vectors[random().nextInt(N)].clone();
    float noise = random().nextFloat();
    for (int j = 0; j < D; j++) {
      target[j] += noise * (float) random().nextGaussian();
    }
    return target;
  }

  public void testSearchesDoWhatIsToldOfThem() throws IOException {
    int nlist = meta.lists().nlist();
    int early = 0;
    int further = 0;
    int widened = 0;
    for (int round = 0; round < 300; round++) {
      float[] target = target();
      int k = 1 + random().nextInt(30);
      float reach = random().nextInt(4) == 0 ? Float.POSITIVE_INFINITY : .5f + random().nextFloat();
      float margin = random().nextInt(4) == 0 ? Float.POSITIVE_INFINITY : 4 * random().nextFloat();
      int kFactor = 1 + random().nextInt(20);
      Effort effort =
          new Effort(1 + random().nextInt(nlist), random().nextInt(4), reach, margin, kFactor);
      String what = "round " + round + ", k=" + k + ", " + effort;

      SegmentVectors segment = reader.vectors("v", AcceptDocs.fromLiveDocs(null, N));
      CountedCollector collector = new CountedCollector(k);
      PreparedQuery query = segment.model().prepare(List.of(target), nlist)[0];
      CountedWalk walk = new CountedWalk(segment.walk(query, collector, ListWalk.scratch()));
      ExactScorer exact = segment.exact(target, collector);
      Rows rows = new SegmentRows(N, segment.lists(), exact);
      new NearestSearch(meta, walk, rows, collector).search(effort, 1);
      if (walk.restarted) {
        widened++;
        continue;
      }

      DeepSearch deep = deep(segment, target, k);
      DeepSearch.Outcome outcome = deep.outcome(k, effort);
      assertEquals(what, outcome.lists(), walk.scanned);
      assertEquals(what, outcome.scored(), collector.scored);
      assertEquals(what, outcome.found(), found(collector.topDocs().scoreDocs, deep.kth()));
      early += walk.scanned < effort.nprobe() ? 1 : 0;
      further += walk.scanned > effort.nprobe() ? 1 : 0;
    }
    assertTrue("ended at a list that is far: " + early, early > 30);
    assertTrue("went on after nprobe lists: " + further, further > 10);
    assertTrue("did not fill the collector at first: " + widened, widened < 100);
  }

  private DeepSearch deep(SegmentVectors segment, float[] target, int k) throws IOException {
    RandomVectorScorer scorer =
        FlatVectorScorerUtil.getLucene99FlatVectorsScorer()
            .getRandomVectorScorer(
                VectorSimilarityFunction.EUCLIDEAN, reader.getFloatVectorValues("v"), target);
    return DeepSearch.of(
        meta, segment.model(), segment.lists(), scorer, target, k, meta.lists().nlist(), N);
  }

  private int found(ScoreDoc[] hits, float kth) {
    int found = 0;
    for (ScoreDoc hit : hits) {
      found += meta.metric().toDistance(hit.score) <= kth ? 1 : 0;
    }
    return found;
  }
}
