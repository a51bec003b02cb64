// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.write;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;

/**
 * The models last trained through one format instance, so that the next flush need not train again.
 * Kept for each directory, which at most one writer has at a time, until it is garbage; writers on
 * different directories do not affect each other. Safe for use by many threads.
 */
public final class SharedModels {
  /** Fields of a directory whose models are kept; the one not used for longest goes first. */
  private static final int MOST_FIELDS = 64;

  /**
   * @param field null for any
   */
  private record Key(String field, int d, VectorSimilarityFunction similarity) {
    Key(FieldInfo info) {
      this(info.name, info.getVectorDimension(), info.getVectorSimilarityFunction());
    }

    /** Whether a field is of these vectors, whatever its name. */
    boolean isOf(FieldInfo info) {
      return d == info.getVectorDimension() && similarity == info.getVectorSimilarityFunction();
    }
  }

  /** What a directory starts with; null for nothing. */
  private final KnownModel initial;

  private final Key initialKey;
  private final Map<Directory, Map<Key, KnownModel>> byDirectory = new WeakHashMap<>();

  /** No model yet. */
  public SharedModels() {
    this.initial = null;
    this.initialKey = null;
  }

  /** A model that was trained before there was an index, for all fields that it fits. */
  public SharedModels(KnownModel initial, int d, VectorSimilarityFunction similarity) {
    this.initial = initial;
    this.initialKey = new Key(null, d, similarity);
  }

  /** The field's model; null if there is none yet. */
  synchronized KnownModel get(Directory directory, FieldInfo info) {
    Map<Key, KnownModel> fields = byDirectory.get(FilterDirectory.unwrap(directory));
    KnownModel model = fields == null ? null : fields.get(new Key(info));
    return model == null && initial != null && initialKey.isOf(info) ? initial : model;
  }

  synchronized void put(Directory directory, FieldInfo info, KnownModel model) {
    Map<Key, KnownModel> fields =
        byDirectory.computeIfAbsent(
            FilterDirectory.unwrap(directory), unused -> new LinkedHashMap<>(16, .75f, true));
    fields.put(new Key(info), model);
    if (fields.size() > MOST_FIELDS) {
      Iterator<Key> eldest = fields.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }
}
