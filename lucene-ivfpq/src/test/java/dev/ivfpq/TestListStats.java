// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;

/** The sizes of lists, and what they come to. */
public class TestListStats extends LuceneTestCase {

  public void testImbalanceAndFillOfKnownLists() {
    IvfPqListStats even = new IvfPqListStats(List.of(64, 64, 64), 3);
    assertEquals(1, even.imbalance(), 1e-12);
    assertEquals(1, even.blockFill(), 1e-12);
    // 3 * (100 + 0 + 10000) / 110^2, and 110 of three blocks' 192 places.
    IvfPqListStats uneven = new IvfPqListStats(List.of(10, 0, 100), 3);
    assertEquals(3 * 10100 / 12100.0, uneven.imbalance(), 1e-12);
    assertEquals(110 / 192.0, uneven.blockFill(), 1e-12);
  }

  public void testSizesAreThoseOfTheSegment() throws IOException {
    Corpus corpus = Corpus.clustered(random(), 3000, 16, VectorSimilarityFunction.EUCLIDEAN);
    try (Directory directory = newDirectory()) {
      corpus.write(directory, new IvfPqVectorsFormat(), 1);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        LeafReader leaf = reader.leaves().get(0).reader();
        IvfPqFieldStats field = IvfPqFieldStats.of(leaf, "v").orElseThrow();
        IvfPqListStats lists = IvfPqListStats.of(leaf, "v").orElseThrow();
        assertTrue("nlist " + field.nlist(), field.nlist() > 1);
        assertEquals(field.nlist(), lists.sizes().size());
        assertEquals(3000, lists.sizes().stream().mapToInt(Integer::intValue).sum());
        assertEquals(
            lists.sizes().stream().mapToInt(size -> (size + 63) / 64).sum(), lists.blocks());
        assertEquals(Optional.empty(), IvfPqListStats.of(leaf, "no such field"));
      }
    }
  }

  public void testSegmentScannedExactlyHasNone() throws IOException {
    Corpus corpus = Corpus.clustered(random(), 300, 16, VectorSimilarityFunction.EUCLIDEAN);
    try (Directory directory = newDirectory()) {
      corpus.write(directory, new IvfPqVectorsFormat(), 1);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        assertEquals(Optional.empty(), IvfPqListStats.of(reader.leaves().get(0).reader(), "v"));
      }
    }
  }
}
