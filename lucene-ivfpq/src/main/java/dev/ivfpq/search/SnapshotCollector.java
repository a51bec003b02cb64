// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.FieldMeta;
import java.util.Arrays;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.search.knn.KnnSearchStrategy;

/**
 * The k best of a whole snapshot, collected segment after segment: what the k-th best of the
 * segments before is, and how far estimates were from exact distances there, tells what need not be
 * scored in the next one.
 */
public final class SnapshotCollector extends TopKnnCollector {
  private int docBase;
  private byte[] fingerprint;
  private ErrorModel errors;

  public SnapshotCollector(int k, KnnSearchStrategy strategy) {
    super(k, Integer.MAX_VALUE, strategy);
  }

  /** Goes to the next segment, whose documents start at {@code docBase}. */
  public void enter(int newDocBase) {
    docBase = newDocBase;
  }

  @Override
  public boolean collect(int docId, float similarity) {
    return super.collect(docBase + docId, similarity);
  }

  /** The errors of estimates by a model, those known from other segments included. */
  ErrorModel errors(FieldMeta.Lists lists, float margin) {
    if (fingerprint == null || !Arrays.equals(fingerprint, lists.fingerprint())) {
      fingerprint = lists.fingerprint();
      errors = new ErrorModel(margin);
    }
    return errors;
  }
}
