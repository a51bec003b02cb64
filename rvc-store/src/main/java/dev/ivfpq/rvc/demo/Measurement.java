// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.demo;

import dev.ivfpq.rvc.Clip;
import dev.ivfpq.rvc.Progress;
import dev.ivfpq.rvc.SearchSettings;
import dev.ivfpq.rvc.StoreLayout;
import dev.ivfpq.rvc.StoreSearchers;
import dev.ivfpq.rvc.npy.NpyReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * The store and HNSW on the same vectors, the same frames and the same speaker's filter.
 *
 * @param frames number of frames timed
 * @param recall the store's recall
 * @param micros the store's microseconds a frame
 * @param hnsw HNSW's setting
 * @param hnswMicros HNSW's microseconds a frame
 */
record Measurement(int frames, double recall, double micros, HnswChoice hnsw, double hnswMicros) {
  private static final int[] HNSW_M = {16, 32};

  /** Enough for steady medians, few enough for a short demo. */
  private static final int MAX_FRAMES = 1000;

  private static final long WARM_UP_NANOS = 2_000_000_000;
  private static final int ROUNDS = 15;

  /**
   * Measures.
   *
   * @param folder the store's
   * @param scratch takes HNSW's indexes
   * @param clips searched with; frames are drawn from them at even steps
   * @param settings with one speaker
   */
  static Measurement of(
      Path folder, Path scratch, List<Clip> clips, SearchSettings settings, Progress progress)
      throws IOException {
    String speaker = settings.speakers().getFirst();
    int k = settings.k();
    float[][] frames = frames(clips);
    Query filter = new TermQuery(StoreLayout.speakerTerm(speaker));
    List<HnswIndex> hnsw = new ArrayList<>();
    try (Directory directory = FSDirectory.open(folder);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      float[][] vectors = vectors(reader, frames[0].length);
      String[] speakers = speakers(reader);
      progress.begin("building HNSW", HNSW_M.length);
      for (int maxConn : HNSW_M) {
        hnsw.add(HnswIndex.build(scratch.resolve("hnsw" + maxConn), maxConn, vectors, speakers));
        progress.advance(1);
      }
      progress.begin("searching exactly", Progress.UNKNOWN);
      boolean[] allowed = new boolean[speakers.length];
      for (int doc = 0; doc < allowed.length; doc++) {
        allowed[doc] = speakers[doc].equals(speaker);
      }
      ExactTruth truth = new ExactTruth(vectors, allowed, frames, k);
      Stopwatch stopwatch = new Stopwatch(frames, k);

      IndexSearcher searcher = new StoreSearchers().newSearcher(reader, null);
      Contender store = new Contender(searcher, filter, k, settings.scan());
      double recall = truth.recall(store);
      HnswChoice choice = HnswChoice.fastest(hnsw, filter, recall, truth, stopwatch, progress);
      progress.begin("timing", Progress.UNKNOWN);
      double[] micros = stopwatch.race(List.of(store, choice.contender()), WARM_UP_NANOS, ROUNDS);
      return new Measurement(frames.length, recall, micros[0], choice, micros[1]);
    } finally {
      for (HnswIndex index : hnsw) {
        index.close();
      }
    }
  }

  private static float[][] frames(List<Clip> clips) throws IOException {
    List<float[]> all = new ArrayList<>();
    for (Clip clip : clips) {
      try (NpyReader reader = NpyReader.open(clip.file())) {
        all.addAll(List.of(reader.readAll()));
      }
    }
    int count = Math.min(MAX_FRAMES, all.size());
    float[][] frames = new float[count][];
    for (int i = 0; i < count; i++) {
      frames[i] = all.get((int) ((long) i * all.size() / count));
    }
    return frames;
  }

  /** All vectors by document; in a fresh store every document has one. */
  private static float[][] vectors(DirectoryReader reader, int dims) throws IOException {
    float[][] vectors = new float[reader.maxDoc()][];
    for (LeafReaderContext leaf : reader.leaves()) {
      FloatVectorValues values = leaf.reader().getFloatVectorValues(StoreLayout.vectorField(dims));
      DocIndexIterator documents = values.iterator();
      while (documents.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
        vectors[leaf.docBase + documents.docID()] = values.vectorValue(documents.index()).clone();
      }
    }
    return vectors;
  }

  private static String[] speakers(DirectoryReader reader) throws IOException {
    String[] speakers = new String[reader.maxDoc()];
    for (LeafReaderContext leaf : reader.leaves()) {
      SortedDocValues names = leaf.reader().getSortedDocValues(StoreLayout.SPEAKER);
      while (names.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
        speakers[leaf.docBase + names.docID()] = names.lookupOrd(names.ordValue()).utf8ToString();
      }
    }
    return speakers;
  }
}
