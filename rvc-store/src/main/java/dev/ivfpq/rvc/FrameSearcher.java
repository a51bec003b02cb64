// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.IvfPqSearcher;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;

/**
 * Searches frames with one set of settings, in the store as it was when this was opened. Frames
 * that are searched together share work and get the same neighbours as one by one. For one thread
 * at a time; several searchers of one store may work side by side.
 */
public final class FrameSearcher implements Closeable {
  private static final Comparator<Hit> NEAREST_FIRST =
      Comparator.comparingDouble(Hit::distance).thenComparingInt(Hit::doc);

  private final SearcherManager searchers;
  private final IndexSearcher searcher;
  private final IvfPqSearcher lookup;
  private final List<LeafReaderContext> leaves;
  private final FloatVectorValues[] vectors;
  private final int dims;
  private final int k;
  private final Query filter;
  private final SearchSettings settings;
  private float[][] blended = new float[0][];
  private boolean closed;

  /** A found frame: its document in the index, its leaf and its vector's ordinal in the leaf. */
  private record Hit(int doc, int leaf, int ordinal, double distance) {}

  private FrameSearcher(
      SearcherManager searchers, IndexSearcher searcher, int dims, SearchSettings settings)
      throws IOException {
    this.searchers = searchers;
    this.searcher = searcher;
    this.dims = dims;
    this.settings = settings;
    this.filter = settings.speaker().map(StoreLayout::speakerTerm).map(TermQuery::new).orElse(null);
    this.k = Math.max(1, Math.min(settings.k(), searcher.getIndexReader().numDocs()));
    this.lookup = new IvfPqSearcher(searcher, StoreLayout.VECTOR);
    this.leaves = searcher.getIndexReader().leaves();
    this.vectors = new FloatVectorValues[leaves.size()];
    for (LeafReaderContext leaf : leaves) {
      vectors[leaf.ord] = leaf.reader().getFloatVectorValues(StoreLayout.VECTOR);
    }
  }

  /** A searcher over the newest snapshot of {@code searchers}. */
  static FrameSearcher open(SearcherManager searchers, int dims, SearchSettings settings)
      throws IOException {
    IndexSearcher searcher = searchers.acquire();
    try {
      return new FrameSearcher(searchers, searcher, dims, settings);
    } catch (Throwable t) {
      searchers.release(searcher);
      throw t;
    }
  }

  /** Whether any frame can be found, i.e. the speaker asked for has some. */
  boolean hasFrames() throws IOException {
    return filter == null ? searcher.getIndexReader().numDocs() > 0 : searcher.count(filter) > 0;
  }

  /** Dimension of the frames. */
  public int dims() {
    return dims;
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
    List<List<Neighbour>> neighbours = new ArrayList<>(frames.size());
    for (Hit[] hits : hits(frames)) {
      neighbours.add(neighbours(hits));
    }
    return neighbours;
  }

  private List<Neighbour> neighbours(Hit[] hits) throws IOException {
    Neighbour[] neighbours = new Neighbour[hits.length];
    // Doc values are read forwards, leaf by leaf.
    Integer[] byDocument = new Integer[hits.length];
    Arrays.setAll(byDocument, i -> i);
    Arrays.sort(byDocument, Comparator.comparingInt(i -> hits[i].doc()));
    int leaf = -1;
    SortedDocValues speakers = null;
    SortedDocValues clips = null;
    NumericDocValues frames = null;
    for (int i : byDocument) {
      Hit hit = hits[i];
      if (hit.leaf() != leaf) {
        leaf = hit.leaf();
        LeafReader reader = leaves.get(leaf).reader();
        speakers = DocValues.getSorted(reader, StoreLayout.SPEAKER);
        clips = DocValues.getSorted(reader, StoreLayout.CLIP);
        frames = DocValues.getNumeric(reader, StoreLayout.FRAME);
      }
      int doc = hit.doc() - leaves.get(leaf).docBase;
      neighbours[i] =
          new Neighbour(name(speakers, doc), name(clips, doc), frame(frames, doc), hit.distance());
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
    return convert(frame, hits(List.of(frame)).get(0), blend, out);
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
    List<Hit[]> hits = hits(frames);
    int unanswered = 0;
    for (int i = 0; i < frames.size(); i++) {
      float[] frame = frames.get(i);
      unanswered += convert(frame, hits.get(i), blend, frame) == 0 ? 1 : 0;
    }
    return unanswered;
  }

  private int convert(float[] frame, Hit[] hits, Blend blend, float[] out) throws IOException {
    if (blended.length < hits.length) {
      blended = new float[hits.length][dims];
    }
    double[] distances = new double[hits.length];
    for (int i = 0; i < hits.length; i++) {
      distances[i] = hits[i].distance();
      System.arraycopy(
          vectors[hits[i].leaf()].vectorValue(hits[i].ordinal()), 0, blended[i], 0, dims);
    }
    blend.apply(frame, distances, blended, out);
    return hits.length;
  }

  private List<Hit[]> hits(List<float[]> targets) throws IOException {
    for (float[] target : targets) {
      if (target.length != dims) {
        throw new IllegalArgumentException(
            "a frame of " + target.length + " dims, the store holds " + dims);
      }
    }
    List<TopDocs> found = lookup.search(targets, k, filter, settings.scan());
    List<Hit[]> hits = new ArrayList<>(found.size());
    for (int i = 0; i < targets.size(); i++) {
      hits.add(hits(targets.get(i), found.get(i)));
    }
    return hits;
  }

  /** Lucene's hits with exact distances; those say the order, since scores are rounded. */
  private Hit[] hits(float[] frame, TopDocs found) throws IOException {
    int[] docs = new int[found.scoreDocs.length];
    int count = 0;
    for (ScoreDoc scoreDoc : found.scoreDocs) {
      docs[count++] = scoreDoc.doc;
    }
    Arrays.sort(docs);
    List<Hit> hits = new ArrayList<>(count);
    int leaf = -1;
    DocIndexIterator ordinals = null;
    for (int doc : docs) {
      int docLeaf = ReaderUtil.subIndex(doc, leaves);
      if (docLeaf != leaf) {
        leaf = docLeaf;
        ordinals = vectors[leaf].iterator();
      }
      ordinals.advance(doc - leaves.get(leaf).docBase);
      int ordinal = ordinals.index();
      double distance = SquaredDistance.between(frame, vectors[leaf].vectorValue(ordinal));
      hits.add(new Hit(doc, leaf, ordinal, distance));
    }
    hits.sort(NEAREST_FIRST);
    return hits.toArray(Hit[]::new);
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      searchers.release(searcher);
    }
  }
}
