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
 * @param spreads by place: how many times as far as the nearest list the list is
 * @param kth exact distance of the k-th neighbour
 */
record DeepSearch(
    float[] estimates, float[] exact, int[] places, int[] blocks, float[] spreads, float kth) {

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
    float[] spreads = new float[nprobe];
    // First block and place of each list, by which the place of a slot is found again.
    long[] starts = new long[nprobe];
    int scanned = 0;
    for (; scanned < nprobe && walk.hasNext(); scanned++) {
      ListDirectory.Entry entry = walk.nextEntry();
      spreads[scanned] = walk.spread();
      starts[scanned] = (long) entry.firstBlock() << 32 | scanned;
      blocks[scanned] = (scanned == 0 ? 0 : blocks[scanned - 1]) + entry.blocks();
      walk.scanNext(reservoir);
    }
    Arrays.fill(blocks, scanned, nprobe, blocks[scanned - 1]);
    Arrays.fill(spreads, scanned, nprobe, Float.POSITIVE_INFINITY);
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
    return new DeepSearch(estimates, exact, places, blocks, spreads, sorted[k - 1]);
  }

  /** What a search of this effort would have found. */
  Outcome outcome(int k, Effort effort) {
    int cap = (int) (k * effort.kFactor());
    int nprobe = 1;
    while (nprobe < spreads.length && effort.scans(nprobe, spreads[nprobe])) {
      nprobe++;
    }
    ErrorModel errors = new ErrorModel(effort.margin());
    float[] nearest = new float[k];
    Arrays.fill(nearest, Float.POSITIVE_INFINITY);
    int found = 0;
    int scored = 0;
    int next = ErrorModel.first(k);
    float reach = Float.POSITIVE_INFINITY;
    for (int i = 0; i < estimates.length && scored < cap; i++) {
      if (places[i] >= nprobe) {
        continue;
      }
      if (scored == next) {
        reach = errors.reach(nearest[k - 1]);
        next += ErrorModel.STEP;
        if (estimates[i] > reach) {
          break;
        }
      }
      scored++;
      errors.add(exact[i], estimates[i]);
      insert(nearest, exact[i]);
      found += exact[i] <= kth ? 1 : 0;
    }
    return new Outcome(found, scored, nprobe, blocks[nprobe - 1]);
  }

  private static void insert(float[] nearest, float distance) {
    int i = nearest.length - 1;
    if (!(distance < nearest[i])) {
      return;
    }
    for (; i > 0 && nearest[i - 1] > distance; i--) {
      nearest[i] = nearest[i - 1];
    }
    nearest[i] = distance;
  }

  private static int place(long[] starts, int count, long block) {
    int at = Arrays.binarySearch(starts, 0, count, block << 32 | Integer.MAX_VALUE);
    return (int) starts[-at - 2];
  }
}
