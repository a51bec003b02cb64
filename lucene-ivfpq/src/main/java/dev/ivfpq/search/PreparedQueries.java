// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.FieldMeta;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.lucene.index.VectorSimilarityFunction;

/**
 * The queries last prepared with one model, for the other open segments that share it: the leaves
 * of a stock query know nothing of each other. Shared by all open readers of the model; holds at
 * most {@value #KEPT} queries, and none while one reader alone has the model open. Safe for use by
 * many threads.
 */
final class PreparedQueries {
  /** As many as are prepared together. */
  private static final int KEPT = IvfPqVectorsReader.MOST_TOGETHER;

  /**
   * A model as queries see it.
   *
   * @param residual it changes what a query is prepared for, but not the model
   */
  private record Key(
      ByteBuffer fingerprint, VectorSimilarityFunction similarity, boolean residual) {
    static Key of(FieldMeta meta) {
      return new Key(
          ByteBuffer.wrap(meta.lists().fingerprint()), meta.similarity(), meta.lists().residual());
    }
  }

  /**
   * @param query never handed out itself: an order changes while it is read
   */
  private record Entry(float[] target, int nprobe, PreparedQuery query) {}

  /** Guarded by the class. */
  private static final Map<Key, PreparedQueries> OPEN = new HashMap<>();

  private final Key key;
  private final AtomicReferenceArray<Entry> entries = new AtomicReferenceArray<>(KEPT);
  private volatile int readers;
  private int next;

  private PreparedQueries(Key key) {
    this.key = key;
  }

  /** Those of the model of a field; to be closed. */
  static PreparedQueries open(FieldMeta meta) {
    synchronized (PreparedQueries.class) {
      PreparedQueries queries = OPEN.computeIfAbsent(Key.of(meta), PreparedQueries::new);
      queries.readers++;
      return queries;
    }
  }

  void close() {
    synchronized (PreparedQueries.class) {
      if (--readers == 0) {
        OPEN.remove(key, this);
      }
    }
  }

  /** Whether other readers have the model open. */
  boolean areShared() {
    return readers > 1;
  }

  /** The query as it was prepared for {@code nprobe} lists, not to be changed; null if unknown. */
  PreparedQuery get(float[] target, int nprobe) {
    for (int i = 0; i < KEPT; i++) {
      Entry entry = entries.get(i);
      if (entry != null && entry.nprobe == nprobe && Arrays.equals(entry.target, target)) {
        return entry.query;
      }
    }
    return null;
  }

  /**
   * @param target copied
   * @param query not to be changed from now on
   */
  void put(float[] target, int nprobe, PreparedQuery query) {
    Entry entry = new Entry(target.clone(), nprobe, query);
    int at;
    synchronized (this) {
      at = next;
      next = (next + 1) % KEPT;
    }
    entries.set(at, entry);
  }
}
