// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.IvfPqSearchParameters;
import dev.ivfpq.IvfPqSearcher;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TopDocs;

/**
 * Searches frames with one set of settings, in the store as it was when this was opened. Frames
 * that are searched together share work and get the same neighbours as one by one. All work is done
 * on the caller's thread. For one thread at a time; several searchers of one store may work side by
 * side.
 */
public final class FrameSearcher implements Closeable {
  /**
   * Frames of a longer clip that are best searched together. As many as are prepared together, and
   * no more: what a search has read of their neighbours is still in the cache when these are
   * measured and blended.
   */
  public static final int TOGETHER = 32;

  private final SearcherManager searchers;
  private final StoreSearcher searcher;
  private final VoiceSelection selection;
  private final SortedSet<ClipId> muted;
  private final IvfPqSearchParameters scan;
  private final IvfPqSearcher lookup;
  private final List<LeafReaderContext> leaves;
  private final FloatVectorValues[] vectors;
  private final int k;
  private final NearestFrames nearest;
  private final double[] weights;
  private final double[] voice;
  private Query filter;
  private boolean closed;

  /**
   * Over a snapshot that was acquired from {@code searchers}; this gives it back when it is closed.
   */
  FrameSearcher(
      SearcherManager searchers,
      StoreSearcher searcher,
      VoiceSelection selection,
      SearchSettings settings)
      throws IOException {
    this.searchers = searchers;
    this.searcher = searcher;
    this.selection = selection;
    this.muted = new TreeSet<>(searcher.commit().muted());
    this.filter = filter(muted);
    this.k = Math.max(1, Math.min(settings.k(), searcher.getIndexReader().numDocs()));
    ScanDefault stored = searcher.commit().scans().get(selection.dims());
    boolean useStored = stored != null && settings.scan().equals(IvfPqSearchParameters.DEFAULT);
    this.scan = useStored ? stored.parameters() : settings.scan();
    String field = StoreLayout.vectorField(selection.dims());
    this.lookup = new IvfPqSearcher(searcher, field);
    this.leaves = searcher.getIndexReader().leaves();
    this.vectors = new FloatVectorValues[leaves.size()];
    for (LeafReaderContext leaf : leaves) {
      vectors[leaf.ord] = leaf.reader().getFloatVectorValues(field);
    }
    this.nearest = new NearestFrames(k);
    this.weights = new double[k];
    this.voice = new double[selection.dims()];
  }

  /** Dimension of the frames. */
  public int dims() {
    return selection.dims();
  }

  /** Whether another searches the same snapshot. */
  boolean sameSnapshot(FrameSearcher other) {
    return searcher == other.searcher;
  }

  /** What is searched. */
  StoreSearcher snapshot() {
    return searcher;
  }

  /** Whose frames are searched. */
  VoiceSelection selection() {
    return selection;
  }

  /** What accepts the frames that are found; null for all of the dimension. */
  Query filter() {
    return filter;
  }

  private Query filter(SortedSet<ClipId> muted) {
    return selection.among(searcher.commit()).filter(muted);
  }

  /** How thoroughly it searches. */
  IvfPqSearchParameters scan() {
    return scan;
  }

  /** Most neighbours of a frame. */
  int k() {
    return k;
  }

  /** The voices that are searched. */
  public List<VoiceRecord> voices() {
    return selection.voices();
  }

  /**
   * From the next search on, the frames of a clip are not found by this searcher. The store stays
   * as it is; {@link VoiceStore#mute} is for good.
   */
  public void mute(ClipId clip) {
    muted.add(clip);
    filter = filter(muted);
  }

  /** From the next search on, the frames of a clip are found again. */
  public void unmute(ClipId clip) {
    muted.remove(clip);
    filter = filter(muted);
  }

  /** The clips whose frames are not found. */
  public SortedSet<ClipId> muted() {
    return new TreeSet<>(muted);
  }

  /**
   * Finds the neighbours of a frame.
   *
   * @param frame (dims), not modified
   * @return nearest first, those at the same distance in the order of the index; k, or fewer where
   *     no more were found
   * @throws IllegalArgumentException if the frame has other dims or a value is not finite
   * @throws IOException if reading the store fails
   */
  public List<Neighbour> search(float[] frame) throws IOException {
    return search(List.of(frame)).get(0);
  }

  /**
   * Finds the neighbours of several frames.
   *
   * @param frames (dims) each, not modified
   * @return for each frame what {@link #search(float[])} finds
   * @throws IllegalArgumentException if a frame has other dims or a value is not finite
   * @throws IOException if reading the store fails
   */
  public List<List<Neighbour>> search(List<float[]> frames) throws IOException {
    List<TopDocs> found = find(frames);
    List<List<Neighbour>> neighbours = new ArrayList<>(frames.size());
    for (int i = 0; i < frames.size(); i++) {
      measure(frames.get(i), found.get(i), nearest);
      neighbours.add(neighbours(nearest));
    }
    return neighbours;
  }

  /** Who the found frames are. */
  List<Neighbour> neighbours(NearestFrames found) throws IOException {
    Neighbour[] neighbours = new Neighbour[found.count];
    // Doc values are read forwards, leaf by leaf.
    Integer[] byDocument = new Integer[found.count];
    Arrays.setAll(byDocument, i -> i);
    Arrays.sort(byDocument, Comparator.comparingInt(i -> found.docs[i]));
    int leaf = -1;
    SortedDocValues speakers = null;
    SortedDocValues clips = null;
    NumericDocValues frames = null;
    for (int i : byDocument) {
      if (found.leaves[i] != leaf) {
        leaf = found.leaves[i];
        LeafReader reader = leaves.get(leaf).reader();
        speakers = DocValues.getSorted(reader, StoreLayout.SPEAKER);
        clips = DocValues.getSorted(reader, StoreLayout.CLIP);
        frames = DocValues.getNumeric(reader, StoreLayout.FRAME);
      }
      int doc = found.docs[i] - leaves.get(leaf).docBase;
      neighbours[i] =
          new Neighbour(
              name(speakers, doc), name(clips, doc), frame(frames, doc), found.distances[i]);
    }
    return List.of(neighbours);
  }

  private static String name(SortedDocValues names, int doc) throws IOException {
    if (!names.advanceExact(doc)) {
      throw new StoreException("document " + doc + " has no name; the store is damaged");
    }
    return names.lookupOrd(names.ordValue()).utf8ToString();
  }

  private static int frame(NumericDocValues frames, int doc) throws IOException {
    if (!frames.advanceExact(doc)) {
      throw new StoreException("document " + doc + " has no frame number; the store is damaged");
    }
    return Math.toIntExact(frames.longValue());
  }

  /**
   * Blends a frame with its neighbours.
   *
   * @param frame (dims), not modified unless it is {@code out}
   * @param out (dims) takes the result; the frame itself if no neighbour was found
   * @return from how many neighbours it was made
   * @throws IllegalArgumentException if the frame has other dims or a value is not finite
   * @throws IOException if reading the store fails
   */
  public int convert(float[] frame, Blend blend, float[] out) throws IOException {
    return convert(frame, find(List.of(frame)).get(0), blend, out);
  }

  /**
   * Blends several frames with their neighbours.
   *
   * @param frames (dims) each, overwritten with the results; a frame without neighbours stays as it
   *     is
   * @return for how many frames no neighbour was found
   * @throws IllegalArgumentException if a frame has other dims or a value is not finite
   * @throws IOException if reading the store fails
   */
  public int convert(List<float[]> frames, Blend blend) throws IOException {
    List<TopDocs> found = find(frames);
    int unanswered = 0;
    for (int i = 0; i < frames.size(); i++) {
      float[] frame = frames.get(i);
      unanswered += convert(frame, found.get(i), blend, frame) == 0 ? 1 : 0;
    }
    return unanswered;
  }

  private int convert(float[] frame, TopDocs found, Blend blend, float[] out) throws IOException {
    measure(frame, found, nearest);
    if (nearest.count == 0) {
      System.arraycopy(frame, 0, out, 0, frame.length);
    } else {
      Arrays.fill(voice, 0);
      addVoice(nearest, 1, voice);
      blend.apply(frame, voice, out);
    }
    return nearest.count;
  }

  /** Adds the weighted sum of found frames, times {@code share}, to {@code sum} (dims). */
  void addVoice(NearestFrames found, double share, double[] sum) throws IOException {
    Blend.weights(found.distances, found.count, weights);
    for (int i = 0; i < found.count; i++) {
      float[] vector = vectors[found.leaves[i]].vectorValue(found.ordinals[i]);
      double weight = share * weights[i];
      for (int j = 0; j < sum.length; j++) {
        sum[j] += weight * vector[j];
      }
    }
  }

  /** Lucene's hits for each frame. */
  List<TopDocs> find(List<float[]> frames) throws IOException {
    for (float[] frame : frames) {
      if (frame.length != dims()) {
        throw new IllegalArgumentException(
            "a frame of " + frame.length + " dims, the store holds " + dims());
      }
    }
    return lookup.search(frames, k, filter, scan);
  }

  /** Lucene's hits with exact distances; those say the order, since scores are rounded. */
  void measure(float[] frame, TopDocs found, NearestFrames out) throws IOException {
    out.count = found.scoreDocs.length;
    for (int i = 0; i < out.count; i++) {
      out.docs[i] = found.scoreDocs[i].doc;
    }
    Arrays.sort(out.docs, 0, out.count);
    int leaf = -1;
    DocIndexIterator ordinals = null;
    for (int i = 0; i < out.count; i++) {
      int docLeaf = ReaderUtil.subIndex(out.docs[i], leaves);
      if (docLeaf != leaf) {
        leaf = docLeaf;
        ordinals = dense(leaf) ? null : vectors[leaf].copy().iterator();
      }
      int doc = out.docs[i] - leaves.get(leaf).docBase;
      out.leaves[i] = leaf;
      out.ordinals[i] = ordinals == null ? doc : ordinal(ordinals, doc);
    }
    remeasure(frame, out);
  }

  /**
   * Whether every document of a leaf has a vector, so that ordinals are documents. Else they are
   * looked up in a copy, because all iterators of one sparse instance move together, and only
   * forwards.
   */
  private boolean dense(int leaf) {
    return vectors[leaf].size() == leaves.get(leaf).reader().maxDoc();
  }

  private static int ordinal(DocIndexIterator ordinals, int doc) throws IOException {
    ordinals.advance(doc);
    return ordinals.index();
  }

  /**
   * The vectors of some documents, the caller's own.
   *
   * @param docs ascending from {@code from} to before {@code to}
   */
  List<float[]> vectors(int[] docs, int from, int to) throws IOException {
    List<float[]> found = new ArrayList<>(to - from);
    int leaf = -1;
    DocIndexIterator ordinals = null;
    for (int i = from; i < to; i++) {
      int docLeaf = ReaderUtil.subIndex(docs[i], leaves);
      if (docLeaf != leaf) {
        leaf = docLeaf;
        ordinals = dense(leaf) ? null : vectors[leaf].copy().iterator();
      }
      int doc = docs[i] - leaves.get(leaf).docBase;
      found.add(vectors[leaf].vectorValue(ordinals == null ? doc : ordinal(ordinals, doc)).clone());
    }
    return found;
  }

  /** Computes the distances of found frames to {@code frame}, and puts them in order. */
  void remeasure(float[] frame, NearestFrames found) throws IOException {
    for (int i = 0; i < found.count; i++) {
      found.distances[i] =
          SquaredDistance.between(frame, vectors[found.leaves[i]].vectorValue(found.ordinals[i]));
    }
    found.sort();
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      searchers.release(searcher);
    }
  }
}
