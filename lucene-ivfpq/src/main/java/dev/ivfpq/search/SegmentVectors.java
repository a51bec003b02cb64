// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.disk.ListsReader;
import dev.ivfpq.kernel.Survivors;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.ConjunctionUtils;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/**
 * A field's vectors in one segment, and which of them may be found. What queries need of it is made
 * when the first one asks. For one thread.
 */
final class SegmentVectors {
  private final String field;
  private final FieldMeta meta;
  private final ModelReader model;
  private final IndexInput listsFile;
  private final FlatVectorsReader flat;
  private final AcceptDocs acceptDocs;

  /** Documents; null for all. */
  private final Bits accepted;

  private ListsReader lists;
  private AcceptedOrdinals acceptedOrdinals;
  private int[] ordinals;
  private AcceptedByList grouped;

  /**
   * @param model of the field; null without lists
   * @param acceptDocs documents that may be found; null for all
   */
  SegmentVectors(
      String field,
      FieldMeta meta,
      ModelReader model,
      IndexInput listsFile,
      FlatVectorsReader flat,
      AcceptDocs acceptDocs)
      throws IOException {
    this.field = field;
    this.meta = meta;
    this.model = model;
    this.listsFile = listsFile;
    this.flat = flat;
    this.acceptDocs = acceptDocs;
    this.accepted = acceptDocs == null ? null : acceptDocs.bits();
  }

  FieldMeta meta() {
    return meta;
  }

  ModelReader model() {
    return model;
  }

  /** Whether a filter or deletes may leave some vectors out. */
  boolean isFiltered() {
    return accepted != null;
  }

  /** How many vectors are accepted, at most. */
  int acceptedCount() throws IOException {
    return accepted == null ? meta.n() : Math.min(meta.n(), acceptDocs.cost());
  }

  ListsReader lists() throws IOException {
    if (lists == null) {
      lists = new ListsReader(listsFile, meta);
    }
    return lists;
  }

  /** As a set; null for all. */
  private AcceptedOrdinals acceptedOrdinals() throws IOException {
    if (accepted != null && acceptedOrdinals == null) {
      Bits bits = flat.getFloatVectorValues(field).getAcceptOrds(accepted);
      acceptedOrdinals = new AcceptedOrdinals(bits, meta.n());
    }
    return acceptedOrdinals;
  }

  /**
   * The accepted ordinals by the lists that hold them.
   *
   * @param way of finding them, GROUPED or LISTED
   */
  AcceptedByList byList(FilterCost.Way way) throws IOException {
    if (way == FilterCost.Way.LISTED) {
      return new ListedOrdinals(acceptedOrdinals(), lists(), meta.n());
    }
    if (grouped == null) {
      grouped = new GroupedOrdinals(ordinals(), lists(), meta.lists().nlist());
    }
    return grouped;
  }

  /** How many ordinals are looked at to find all that are accepted. */
  int span() throws IOException {
    return accepted == null ? meta.n() : acceptedOrdinals().span();
  }

  /** The accepted ordinals, ascending: documents are gone through once for all queries. */
  int[] ordinals() throws IOException {
    if (ordinals == null) {
      ordinals = listOrdinals();
    }
    return ordinals;
  }

  private int[] listOrdinals() throws IOException {
    FloatVectorValues values = flat.getFloatVectorValues(field);
    int[] ordinals = new int[acceptedCount()];
    int count = 0;
    if (accepted == null) {
      Arrays.setAll(ordinals, i -> i);
      count = ordinals.length;
    } else if (values.getAcceptOrds(accepted) == accepted) {
      // Every document has a vector: ordinals are documents.
      if (accepted instanceof FixedBitSet set) {
        return ordinals(set);
      }
      DocIdSetIterator docs = acceptDocs.iterator();
      for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
        ordinals[count++] = doc;
      }
    } else {
      KnnVectorValues.DocIndexIterator index = values.iterator();
      DocIdSetIterator both =
          ConjunctionUtils.intersectIterators(List.of(acceptDocs.iterator(), index));
      while (both.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
        ordinals[count++] = index.index();
      }
    }
    return Arrays.copyOf(ordinals, count);
  }

  /** Word by word, in a third of an iterator's time. */
  private static int[] ordinals(FixedBitSet set) {
    int[] ordinals = new int[set.cardinality()];
    long[] words = set.getBits();
    int count = 0;
    for (int word = 0; count < ordinals.length; word++) {
      for (long rest = words[word]; rest != 0; rest &= rest - 1) {
        ordinals[count++] = word << 6 | Long.numberOfTrailingZeros(rest);
      }
    }
    return ordinals;
  }

  /** Scores accepted vectors for a query. */
  ExactScorer exact(float[] target, KnnCollector collector) throws IOException {
    RandomVectorScorer scorer = flat.getRandomVectorScorer(field, target);
    return new ExactScorer(scorer, collector, scorer.getAcceptOrds(accepted));
  }

  /**
   * Visits the lists of a prepared query.
   *
   * @param scratch {@link ListWalk#scratch}, which walks that take turns may share
   */
  ListWalk walk(PreparedQuery query, KnnCollector collector, Survivors scratch) throws IOException {
    return new ListWalk(meta, lists(), query, acceptedOrdinals(), collector, scratch);
  }
}
