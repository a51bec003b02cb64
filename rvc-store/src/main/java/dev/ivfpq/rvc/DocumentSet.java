// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.IOException;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.ConstantScoreScorerSupplier;
import org.apache.lucene.search.ConstantScoreWeight;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.FixedBitSet;

/** Finds given documents of one snapshot, and means nothing in another. */
final class DocumentSet extends Query {
  private final FixedBitSet documents;

  /**
   * @param documents by number in the whole snapshot; not copied
   */
  DocumentSet(FixedBitSet documents) {
    this.documents = documents;
  }

  /** The documents that a query finds. */
  static FixedBitSet of(IndexSearcher searcher, Query query) throws IOException {
    FixedBitSet found = new FixedBitSet(Math.max(1, searcher.getIndexReader().maxDoc()));
    Weight weight = searcher.createWeight(searcher.rewrite(query), ScoreMode.COMPLETE_NO_SCORES, 1);
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      ScorerSupplier supplier = weight.scorerSupplier(leaf);
      if (supplier != null) {
        DocIdSetIterator docs = supplier.get(Long.MAX_VALUE).iterator();
        for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
          if (leaf.reader().getLiveDocs() == null || leaf.reader().getLiveDocs().get(doc)) {
            found.set(leaf.docBase + doc);
          }
        }
      }
    }
    return found;
  }

  @Override
  public Weight createWeight(IndexSearcher searcher, ScoreMode scoreMode, float boost) {
    return new ConstantScoreWeight(this, boost) {
      @Override
      public ScorerSupplier scorerSupplier(LeafReaderContext leaf) {
        return ConstantScoreScorerSupplier.fromIterator(
            new LeafDocuments(documents, leaf), boost, scoreMode, leaf.reader().maxDoc());
      }

      @Override
      public boolean isCacheable(LeafReaderContext leaf) {
        return false;
      }
    };
  }

  /** Those of one leaf, by their numbers there. */
  private static final class LeafDocuments extends DocIdSetIterator {
    private final FixedBitSet documents;
    private final int base;
    private final int end;
    private int doc = -1;

    LeafDocuments(FixedBitSet documents, LeafReaderContext leaf) {
      this.documents = documents;
      this.base = leaf.docBase;
      this.end = leaf.docBase + leaf.reader().maxDoc();
    }

    @Override
    public int docID() {
      return doc;
    }

    @Override
    public int nextDoc() {
      return advance(doc + 1);
    }

    @Override
    public int advance(int target) {
      // Twice compared with the end, as target may be NO_MORE_DOCS and the set be longer than that.
      int next = target >= end - base ? NO_MORE_DOCS : documents.nextSetBit(base + target);
      doc = next >= end ? NO_MORE_DOCS : next - base;
      return doc;
    }

    @Override
    public long cost() {
      return end - base;
    }
  }

  @Override
  public String toString(String field) {
    return "DocumentSet(" + documents.cardinality() + ")";
  }

  @Override
  public void visit(QueryVisitor visitor) {
    visitor.visitLeaf(this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DocumentSet that && documents == that.documents;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(documents);
  }
}
