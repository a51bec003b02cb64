// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;

/** Frames of one dimension in one snapshot of a store, in the order of the index. */
final class StoredFrames {
  private final IndexSearcher searcher;
  private final Query which;
  private final String field;

  /** Those of one speaker. */
  StoredFrames(IndexReader reader, String speaker, int dims) {
    this(reader, new TermQuery(StoreLayout.speakerTerm(speaker)), dims);
  }

  /** Those that a query finds, all of {@code dims}. */
  StoredFrames(IndexReader reader, Query which, int dims) {
    this.searcher = new IndexSearcher(reader);
    this.which = which;
    this.field = StoreLayout.vectorField(dims);
  }

  /**
   * All frames of a clip, by their number in it.
   *
   * @param folder the store's, for messages
   * @throws StoreException if there is no such speaker, or no such clip of this speaker
   */
  static float[][] of(StoreSearcher snapshot, ClipId clip, Path folder) throws IOException {
    VoiceRecord voice = snapshot.commit().voices().get(clip.speaker());
    if (voice == null) {
      throw VoiceSelection.unknown(snapshot.commit(), clip.speaker(), folder);
    }
    SortedMap<Integer, float[]> frames = new TreeMap<>();
    new StoredFrames(snapshot.getIndexReader(), new TermQuery(clip.term()), voice.dims())
        .forEach((name, number, vector) -> frames.put(number, vector.clone()));
    if (frames.isEmpty()) {
      throw new StoreException(
          folder + ": speaker \"" + clip.speaker() + "\" has no clip \"" + clip.clip() + "\"");
    }
    return frames.values().toArray(float[][]::new);
  }

  /** Number of frames. */
  int count() throws IOException {
    return searcher.count(which);
  }

  /** Takes frames one by one. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Takes one frame.
     *
     * @param vector valid until this returns
     */
    void frame(String clip, int number, float[] vector) throws IOException;
  }

  void forEach(Visitor visitor) throws IOException {
    Weight weight = searcher.createWeight(searcher.rewrite(which), ScoreMode.COMPLETE_NO_SCORES, 1);
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      Scorer scorer = weight.scorer(leaf);
      if (scorer != null) {
        forEach(leaf.reader(), scorer.iterator(), visitor);
      }
    }
  }

  private void forEach(LeafReader leaf, DocIdSetIterator docs, Visitor visitor) throws IOException {
    Bits live = leaf.getLiveDocs();
    FloatVectorValues vectors = leaf.getFloatVectorValues(field);
    // None where a voice had other dims before it was replaced, and its frames are deleted ones.
    DocIndexIterator ordinals = vectors == null ? null : vectors.iterator();
    SortedDocValues clips = leaf.getSortedDocValues(StoreLayout.CLIP);
    NumericDocValues numbers = leaf.getNumericDocValues(StoreLayout.FRAME);
    int clipOrdinal = -1;
    String clip = null;
    for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
      if (live != null && !live.get(doc)) {
        continue;
      }
      if (ordinals == null
          || ordinals.advance(doc) != doc
          || !clips.advanceExact(doc)
          || !numbers.advanceExact(doc)) {
        throw new StoreException("document " + doc + " is incomplete; the store is damaged");
      }
      if (clips.ordValue() != clipOrdinal) {
        clipOrdinal = clips.ordValue();
        clip = clips.lookupOrd(clipOrdinal).utf8ToString();
      }
      visitor.frame(
          clip, Math.toIntExact(numbers.longValue()), vectors.vectorValue(ordinals.index()));
    }
  }
}
