// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import java.io.IOException;
import java.util.List;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;

/** Range queries in every form that Lucene has: one of 10.6 looks like a search for one hit. */
public class TestRangeForms extends LuceneTestCase {
  private static final int N = 4000;

  public void testEveryFormFindsWhatIsAboveTheScore() throws IOException {
    Corpus corpus = Corpus.clustered(random(), N, 24, VectorSimilarityFunction.EUCLIDEAN);
    try (Directory directory = newDirectory()) {
      corpus.write(directory, new IvfPqVectorsFormat(), 1);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        for (String form : List.of("Adaptive", "Explicit")) {
          for (int wanted : new int[] {1, 2, 40}) {
            int found = 0;
            for (int i = 0; i < 30; i++) {
              float[] target = corpus.draw();
              List<Corpus.Hit> exact = corpus.exact(target, wanted, id -> true);
              float score = exact.get(wanted - 1).score();
              List<Corpus.Hit> hits = Corpus.search(reader, Corpus.above(form, target, score), N);
              corpus.assertOwnScores(form + " " + i, target, id -> true, hits);
              assertTrue(hits.toString(), hits.stream().allMatch(hit -> hit.score() >= score));
              found += hits.size();
            }
            double recall = found / (30.0 * wanted);
            assertTrue(form + ", " + wanted + " hits: recall=" + recall, recall >= .9);
          }
          float[] target = corpus.draw();
          assertEquals(List.of(), Corpus.search(reader, Corpus.above(form, target, 2), N));
        }
      }
    }
  }
}
