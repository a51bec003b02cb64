// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.disk.ListsReader;
import dev.ivfpq.kernel.Survivors;
import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.util.SparseFixedBitSet;

/**
 * Collects every vector above a score that only the collector knows.
 *
 * <p><b>How it works.</b> Each exact score handed to the collector tells on which side of its
 * threshold it lies: {@link ExactScorer#countHits} sees whether it was taken. Lists are scanned
 * nearest first; in each, candidates are scored in the order of their estimates until a whole batch
 * of them is refused. The walk ends when a long enough stretch of lists has held no hit.
 */
final class RangeSearch {
  private static final int BATCH = 32;

  /** Lists in a row without a hit before the walk may end, whatever their number. */
  private static final int PATIENCE = 20;

  /** A list that holds less than one in so many of the hits so far counts as one without a hit. */
  private static final int FEW = 500;

  private final FieldMeta meta;
  private final ListsReader lists;
  private final ListWalk walk;
  private final ExactScorer exact;
  private final KnnCollector collector;
  private final SparseFixedBitSet scored;

  /** Scored before this search, but neither counted as hits nor as misses. */
  private final SparseFixedBitSet known;

  private final Buffer buffer = new Buffer();

  /**
   * @param without ordinals that were collected before
   */
  RangeSearch(
      FieldMeta meta,
      ListsReader lists,
      ListWalk walk,
      ExactScorer exact,
      KnnCollector collector,
      int[] without) {
    this.meta = meta;
    this.lists = lists;
    this.scored = new SparseFixedBitSet(meta.n());
    this.known = new SparseFixedBitSet(meta.n());
    this.walk = walk;
    this.exact = exact;
    this.collector = collector;
    for (int ordinal : without) {
      known.set(ordinal);
    }
  }

  /**
   * Whether the collector takes all vectors above a score instead of the k best. One form of Lucene
   * 10.6 shows it only later: {@link ExactScorer#turnsOutRange}.
   */
  static boolean isRange(KnnCollector collector) {
    return collector.k() == 1
        && collector.minCompetitiveSimilarity() == Math.nextUp(Float.NEGATIVE_INFINITY);
  }

  /**
   * @param nprobe lists scanned at least; the walk ends when {@value #PATIENCE} in a row held none
   *     or few hits, if that is also a quarter of nprobe and a sixteenth of all scanned
   */
  void search(int nprobe) throws IOException {
    int sinceHit = 0;
    int probed = 0;
    long found = 0;
    while (walk.hasNext() && !collector.earlyTerminated()) {
      buffer.size = 0;
      walk.scanNext(buffer);
      probed++;
      int hits = collectNearest();
      found += hits;
      sinceHit = (long) FEW * hits > found ? 0 : sinceHit + 1;
      if (sinceHit >= Math.max(PATIENCE, Math.max(nprobe / 4, probed / 16)) && probed >= nprobe) {
        return;
      }
    }
  }

  /** Scores the buffered candidates best first until a batch holds no hit; returns the hits. */
  private int collectNearest() throws IOException {
    Candidates candidates = new Candidates(buffer.keys, buffer.size);
    int hits = 0;
    while (candidates.left() > 0) {
      long[] keys = candidates.next(BATCH, lists::ordinal);
      int[] ordinals = new int[keys.length];
      int count = 0;
      for (long key : keys) {
        int ordinal = DistanceKey.id(key);
        if (scored.getAndSet(ordinal)) {
          throw lists.heldTwice(ordinal);
        }
        if (!known.get(ordinal)) {
          ordinals[count++] = ordinal;
        }
      }
      ordinals = Arrays.copyOf(ordinals, count);
      Arrays.sort(ordinals);
      int batchHits = exact.countHits(ordinals);
      hits += batchHits;
      if (batchHits == 0 && count == keys.length && meta.lists().M() > 0) {
        break;
      }
    }
    return hits;
  }

  /** All accepted vectors of a list with their estimates. */
  private static final class Buffer implements CandidateSink {
    private long[] keys = new long[256];
    private int size;

    @Override
    public float threshold() {
      return Float.POSITIVE_INFINITY;
    }

    @Override
    public void accept(int firstSlot, Survivors survivors) {
      if (size + survivors.size > keys.length) {
        keys = Arrays.copyOf(keys, Math.max(size + survivors.size, 2 * size));
      }
      for (int i = 0; i < survivors.size; i++) {
        keys[size++] = DistanceKey.of(survivors.distances[i], firstSlot + survivors.positions[i]);
      }
    }
  }
}
