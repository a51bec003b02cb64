// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import java.util.List;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;

/** Segments that share a model take each other's prepared queries: no hit may change by it. */
public class TestSharedPreparation extends LuceneTestCase {
  private static final int K = 10;

  public void testHitsAreThoseOfSegmentsThatShareNothing() throws Exception {
    VectorSimilarityFunction[] all = VectorSimilarityFunction.values();
    Corpus corpus = Corpus.clustered(random(), 9000, 16, all[random().nextInt(all.length)]);
    // Enough lists for coded centroids in every other run.
    String factory = random().nextBoolean() ? "" : "IVF2100,PQ8x4fsr,RFlat";
    IvfPqParameters parameters =
        IvfPqParameters.DEFAULT.withFactory(factory).withMinVectorsPerList(1);
    try (Directory directory = newDirectory()) {
      corpus.write(directory, new IvfPqVectorsFormat(parameters), 3);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        IndexSearcher together = new IndexSearcher(reader);
        for (int i = 0; i < 60; i++) {
          float[] target = corpus.draw();
          // The same target again and with another nprobe: nothing must stick.
          for (int nprobe : new int[] {4, 40, 4}) {
            IvfPqSearchParameters settings =
                IvfPqSearchParameters.DEFAULT.withNprobe(nprobe).withKFactor(3);
            KnnFloatVectorQuery query = new KnnFloatVectorQuery("v", target, K, null, settings);
            TopDocs first = together.search(query, K);
            TopDocs again = together.search(query, K);
            TopDocs batch =
                new IvfPqSearcher(together, "v").search(List.of(target), K, null, settings).get(0);
            Corpus.assertSameHits("query " + i + ", again", first, again);
            assertEquals(K, batch.scoreDocs.length);
            if (nprobe == 40) {
              // Whatever the batch call leaves out is not among the k best.
              assertTrue(batch.scoreDocs[0].score >= first.scoreDocs[0].score);
            }
            corpus.assertOwnScores(
                "query " + i, target, id -> true, Corpus.hits(reader, batch.scoreDocs));
          }
        }
      }
    }
  }
}
