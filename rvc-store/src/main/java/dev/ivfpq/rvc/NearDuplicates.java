// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.IvfPqSearchParameters;
import dev.ivfpq.IvfPqSearcher;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.util.FixedBitSet;

/**
 * Chooses which frames of a voice to drop: those that have a close stand-in.
 *
 * <p>How it works: the nearest neighbours of each frame among the frames that are left make pairs.
 * The pairs are gone through from the nearest on, and where both frames of one are still there, one
 * is dropped: the one whose last neighbour is nearer, since it has more stand-ins; else the later
 * one. When half of the frames are gone or all pairs are used up, neighbours are looked for anew.
 *
 * <p>Nothing is averaged, so that every frame that stays was spoken, and what is rare stays, noise
 * included. Takes some 300 bytes a frame.
 */
final class NearDuplicates {
  private static final int NEIGHBOURS = 16;
  private static final float RECALL = .99f;

  private final FrameSearcher searcher;
  private final IvfPqSearcher lookup;
  private final FixedBitSet left;
  private final Progress progress;
  private final NearestFrames nearest = new NearestFrames(NEIGHBOURS + 1);

  /**
   * @param all documents of the voice's frames; not modified
   */
  NearDuplicates(FrameSearcher searcher, FixedBitSet all, Progress progress) {
    this.searcher = searcher;
    this.lookup = new IvfPqSearcher(searcher.snapshot(), StoreLayout.vectorField(searcher.dims()));
    this.left = all.clone();
    this.progress = progress;
  }

  /** Drops frames until {@code kept} of them are left, and returns those. */
  FixedBitSet drop(int kept) throws IOException {
    int count = left.cardinality();
    while (count > kept) {
      int after = round(count, Math.max(kept, (count + 1) / 2));
      if (after == count) {
        throw new StoreException(
            "no frame of the voice finds another; check the store with: ivfpq check");
      }
      count = after;
    }
    return left;
  }

  /** Drops frames of pairs that are there now; returns how many are left. */
  private int round(int count, int goal) throws IOException {
    int[] docs = documents(count);
    int[] others = new int[Math.multiplyExact(count, NEIGHBOURS)];
    float[] reach = new float[count];
    long[] pairs = findPairs(docs, others, reach);
    Arrays.sort(pairs);
    int after = count;
    for (int i = 0; i < pairs.length && after > goal; i++) {
      int pair = (int) pairs[i];
      int a = pair / NEIGHBOURS;
      if (!left.get(docs[a]) || !left.get(others[pair])) {
        continue;
      }
      int b = Arrays.binarySearch(docs, others[pair]);
      boolean first = reach[a] == reach[b] ? a > b : reach[a] < reach[b];
      left.clear(docs[first ? a : b]);
      after--;
    }
    return after;
  }

  private int[] documents(int count) {
    int[] docs = new int[count];
    int doc = -1;
    for (int i = 0; i < count; i++) {
      doc = left.nextSetBit(doc + 1);
      docs[i] = doc;
    }
    return docs;
  }

  /**
   * Finds neighbours.
   *
   * @param others takes their documents, NEIGHBOURS places for each of {@code docs}
   * @param reach takes the distance of the last
   * @return pairs: the distance's bits, which are in the order of the distances, above the place
   */
  private long[] findPairs(int[] docs, int[] others, float[] reach) throws IOException {
    progress.begin("finding near duplicates", docs.length);
    long[] pairs = new long[others.length];
    int count = 0;
    DocumentSet among = new DocumentSet(left);
    for (int from = 0; from < docs.length; from += FrameSearcher.TOGETHER) {
      int to = Math.min(docs.length, from + FrameSearcher.TOGETHER);
      List<float[]> block = searcher.vectors(docs, from, to);
      List<TopDocs> found =
          lookup.search(
              block, NEIGHBOURS + 1, among, IvfPqSearchParameters.DEFAULT.withTargetRecall(RECALL));
      for (int at = from; at < to; at++) {
        searcher.measure(block.get(at - from), found.get(at - from), nearest);
        int rank = 0;
        for (int j = 0; j < nearest.count && rank < NEIGHBOURS; j++) {
          if (nearest.docs[j] != docs[at]) {
            int place = at * NEIGHBOURS + rank++;
            others[place] = nearest.docs[j];
            reach[at] = (float) nearest.distances[j];
            pairs[count++] = (long) Float.floatToIntBits(reach[at]) << 32 | place;
          }
        }
      }
      progress.advance(block.size());
    }
    return Arrays.copyOf(pairs, count);
  }
}
