// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.rvc.faiss.RowSource;
import dev.ivfpq.rvc.faiss.RowVisitor;
import java.io.IOException;
import java.util.List;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;

/**
 * The frames of some speakers in one snapshot of a store, in the order of the index.
 *
 * @param progress hears of each pass over them
 */
record SpeakerFrames(IndexSearcher searcher, Query speakers, int dims, int count, Progress progress)
    implements RowSource {
  private static final int STEP = 512;

  static SpeakerFrames of(
      IndexSearcher searcher, List<String> speakers, int dims, Progress progress)
      throws IOException {
    Query query =
        new TermInSetQuery(StoreLayout.SPEAKER, speakers.stream().map(BytesRef::new).toList());
    return new SpeakerFrames(searcher, query, dims, searcher.count(query), progress);
  }

  @Override
  public void forEach(RowVisitor visitor) throws IOException {
    Weight weight =
        searcher.createWeight(searcher.rewrite(speakers), ScoreMode.COMPLETE_NO_SCORES, 1);
    int row = 0;
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      Scorer scorer = weight.scorer(leaf);
      if (scorer == null) {
        continue;
      }
      Bits live = leaf.reader().getLiveDocs();
      FloatVectorValues vectors = leaf.reader().getFloatVectorValues(StoreLayout.VECTOR);
      DocIndexIterator ordinals = vectors.iterator();
      DocIdSetIterator docs = scorer.iterator();
      for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
        if (live == null || live.get(doc)) {
          ordinals.advance(doc);
          visitor.row(row++, vectors.vectorValue(ordinals.index()));
          if (row % STEP == 0) {
            progress.advance(STEP);
          }
        }
      }
    }
  }
}
