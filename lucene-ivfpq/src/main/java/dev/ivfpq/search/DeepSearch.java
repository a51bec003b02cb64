// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.disk.ListDirectory;
import dev.ivfpq.disk.ListsReader;
import dev.ivfpq.kernel.CodeBlocks;
import dev.ivfpq.spec.Effort;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/**
 * What one sample query found in far more lists than any search would scan, from which the outcome
 * of every smaller effort can be told.
 *
 * @param estimates of the nearest candidates, ascending
 * @param exact distances of the same candidates
 * @param places at which place of the order the list of each was scanned
 * @param blocks by place: blocks of the lists up to and with that place
 * @param distances by place: of the list
 * @param kth exact distance of the k-th neighbour
 */
record DeepSearch(
    float[] estimates, float[] exact, int[] places, int[] blocks, float[] distances, float kth) {

  /** What an effort would have found and cost. */
  record Outcome(int found, int scored, int lists, int blocks) {}

  /**
   * Searches.
   *
   * @param nprobe lists to scan
   * @param pool candidates to score exactly
   * @return null where the query overflows float arithmetic or finds fewer than k vectors
   */
  static DeepSearch of(
      FieldMeta meta,
      ModelReader model,
      ListsReader lists,
      RandomVectorScorer scorer,
      float[] target,
      int k,
      int nprobe,
      int pool)
      throws IOException {
    PreparedQuery query = model.prepare(List.of(target), nprobe)[0];
    if (query == null) {
      return null;
    }
    TopKnnCollector collector = new TopKnnCollector(k, Integer.MAX_VALUE);
    ListWalk walk = new ListWalk(meta, lists, query, null, collector, ListWalk.scratch());
    CandidateReservoir reservoir = new CandidateReservoir(pool);
    int[] blocks = new int[nprobe];
    float[] distances = new float[nprobe];
    // First block and place of each list, by which the place of a slot is found again.
    long[] starts = new long[nprobe];
    int scanned = 0;
    for (; scanned < nprobe && walk.hasNext(); scanned++) {
      ListDirectory.Entry entry = walk.nextEntry();
      distances[scanned] = walk.distance();
      starts[scanned] = (long) entry.firstBlock() << 32 | scanned;
      blocks[scanned] = (scanned == 0 ? 0 : blocks[scanned - 1]) + entry.blocks();
      walk.scanNext(reservoir);
    }
    Arrays.fill(blocks, scanned, nprobe, blocks[scanned - 1]);
    Arrays.fill(distances, scanned, nprobe, Float.POSITIVE_INFINITY);
    Arrays.sort(starts, 0, scanned);
    Candidates candidates = reservoir.candidates();
    int count = candidates.left();
    if (count < k) {
      return null;
    }
    long[] keys = candidates.nextSlots(count);
    float[] estimates = new float[count];
    int[] places = new int[count];
    long[] byOrdinal = new long[count];
    for (int i = 0; i < count; i++) {
      long slot = Integer.toUnsignedLong(DistanceKey.id(keys[i]));
      estimates[i] = DistanceKey.distance(keys[i]);
      places[i] = place(starts, scanned, slot / CodeBlocks.BLOCK);
      byOrdinal[i] = (long) lists.ordinal(slot) << 32 | i;
    }
    Arrays.sort(byOrdinal);
    int[] ordinals = new int[count];
    for (int i = 0; i < count; i++) {
      ordinals[i] = (int) (byOrdinal[i] >>> 32);
    }
    float[] scores = new float[count];
    scorer.bulkScore(ordinals, scores, count);
    float[] exact = new float[count];
    for (int i = 0; i < count; i++) {
      exact[(int) byOrdinal[i]] = meta.metric().toDistance(scores[i]);
    }
    float[] sorted = exact.clone();
    Arrays.sort(sorted);
    return new DeepSearch(estimates, exact, places, blocks, distances, sorted[k - 1]);
  }

  /** What a search of this effort would have found ({@link NearestSearch}). */
  Outcome outcome(int k, Effort effort) throws IOException {
    Rescored rescored = new Rescored(k, effort);
    ScanGoal goal = new ScanGoal(effort, 0, k);
    boolean looked = effort.reach() == Float.POSITIVE_INFINITY;
    float within = Float.POSITIVE_INFINITY;
    int lists = 0;
    for (; lists < distances.length; lists++) {
      rescored.lists = lists;
      if (goal.isReached(lists, 0, rescored)) {
        break;
      }
      if (!looked && !Effort.isFirst(lists, effort.nprobe())) {
        looked = true;
        rescored.addFirst();
        within = effort.reach() * rescored.farthest();
      }
      if (distances[lists] > within) {
        break;
      }
    }
    rescored.lists = lists;
    rescored.addOthers();
    return new Outcome(rescored.found, rescored.count, lists, blocks[lists - 1]);
  }

  /** What of the candidates is scored exactly ({@link Reranker}). */
  private final class Rescored implements ScanGoal.Best {
    private final int most;
    private final ErrorModel errors;
    private final float[] nearest;
    private int next;
    private int count;
    private int found;

    /** Lists scanned so far. */
    private int lists;

    /** The first candidates scored: those before {@code head} of the first lists. */
    private int first;

    private int firstLists;
    private int head;

    Rescored(int k, Effort effort) {
      this.most = (int) (k * effort.kFactor());
      this.errors = new ErrorModel(effort.margin());
      this.nearest = new float[k];
      this.next = ErrorModel.first(k);
      Arrays.fill(nearest, Float.POSITIVE_INFINITY);
    }

    /** Scores the first candidates; from now on they are looked at before. */
    void addFirst() {
      firstLists = lists;
      for (; head < estimates.length && count < ErrorModel.first(nearest.length); head++) {
        if (places[head] < firstLists && count < most) {
          add(head);
        }
      }
      first = count;
      next = count > 0 ? count : next;
    }

    /** Scores those of the others that may compete. */
    void addOthers() {
      for (int i = 0; i < estimates.length && count < most; i++) {
        if (places[i] >= lists || isFirst(i)) {
          continue;
        }
        if (!mayCompete(estimates[i])) {
          return;
        }
        add(i);
      }
    }

    private boolean isFirst(int candidate) {
      return candidate < head && places[candidate] < firstLists;
    }

    /** Of those that the reservoir holds: the first ones, and as many others as there is room. */
    @Override
    public long kth(int k) {
      int kept = 0;
      int room = most - first;
      for (int i = 0; i < estimates.length; i++) {
        boolean held = isFirst(i);
        if (!held && places[i] < lists && room > 0) {
          held = true;
          room--;
        }
        kept += held ? 1 : 0;
        if (kept == k) {
          return i;
        }
      }
      return Long.MAX_VALUE;
    }

    float farthest() {
      return nearest[nearest.length - 1];
    }

    /** Whether the next candidate, or the batch that starts with it, is scored. */
    boolean mayCompete(float estimate) {
      if (count < next) {
        return true;
      }
      next += ErrorModel.STEP;
      return !(estimate > errors.reach(farthest()));
    }

    void add(int candidate) {
      count++;
      errors.add(exact[candidate], estimates[candidate]);
      found += exact[candidate] <= kth ? 1 : 0;
      insert(exact[candidate]);
    }

    private void insert(float distance) {
      int i = nearest.length - 1;
      if (!(distance < nearest[i])) {
        return;
      }
      for (; i > 0 && nearest[i - 1] > distance; i--) {
        nearest[i] = nearest[i - 1];
      }
      nearest[i] = distance;
    }
  }

  private static int place(long[] starts, int count, long block) {
    int at = Arrays.binarySearch(starts, 0, count, block << 32 | Integer.MAX_VALUE);
    return (int) starts[-at - 2];
  }
}
