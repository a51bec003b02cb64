// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.ListDirectory;
import dev.ivfpq.disk.ListsReader;
import dev.ivfpq.kernel.CodeBlocks;
import dev.ivfpq.kernel.Survivors;
import java.io.IOException;

/**
 * Which vectors of a run of blocks are accepted. Either all are tested before the run is scanned,
 * or, where few survive a scan, those alone afterwards, and all of one block, which tells about how
 * many of the run are accepted.
 */
final class RunFilter {
  /**
   * Survivors a block above which it costs less to test all of its vectors: 2 to 3 ns each, as
   * their ordinals lie side by side, against some 8 for one.
   */
  private static final int MANY = 16;

  private final AcceptedOrdinals accepted;
  private final ListsReader lists;
  private final boolean maySample;
  private final long[] words;
  private boolean manySurvive = true;
  private int blocks;
  private int slots;

  /** The run's block that is tested before the scan; -1 if all are. */
  private int sample;

  private int inSample;
  private int seen;

  /**
   * @param accepted ordinals; null for all
   * @param most blocks in a run
   * @param maySample whether accepted vectors need not be counted one by one
   */
  RunFilter(AcceptedOrdinals accepted, ListsReader lists, int most, boolean maySample) {
    this.accepted = accepted;
    this.lists = lists;
    this.words = new long[most];
    this.maySample = maySample && accepted != null && !accepted.isGapless();
  }

  /** One word a block for the scan of the run, bit s for slot s. */
  long[] words() {
    return words;
  }

  /**
   * Goes to a run.
   *
   * @param block the first, counted from the list's first
   * @param from position in the list of the first vector that may be accepted
   * @param to position after the last one
   * @param most accepted vectors to mark
   * @return how many are accepted, or about how many
   */
  int enter(ListDirectory.Entry entry, int block, int count, int from, int to, long most, int turn)
      throws IOException {
    sample = maySample && !manySurvive ? turn % count : -1;
    blocks = count;
    slots = 0;
    seen = 0;
    for (int b = 0; b < count; b++) {
      int position = (block + b) * CodeBlocks.BLOCK;
      long within = within(from - position, to - position);
      slots += Long.bitCount(within);
      boolean isTested = accepted != null && (sample < 0 || sample == b);
      long word = isTested ? accepted.word(lists, entry, position, within) : within;
      while (sample < 0 && word != 0 && seen + Long.bitCount(word) > most) {
        word &= ~Long.highestOneBit(word);
      }
      words[b] = word;
      if (sample < 0 || sample == b) {
        seen += Long.bitCount(word);
      }
    }
    inSample = seen;
    if (sample >= 0) {
      int position = (block + sample) * CodeBlocks.BLOCK;
      int sampled = Long.bitCount(within(from - position, to - position));
      seen = sampled == 0 ? 0 : (int) ((long) seen * slots / sampled);
    }
    return seen;
  }

  /** Whether no slot of the run needs to be scanned. */
  boolean isEmpty() {
    return sample < 0 ? seen == 0 : slots == 0;
  }

  /**
   * Tests the survivors that were not tested before the scan.
   *
   * @param firstSlot the run's
   * @return accepted vectors of the run that were met
   */
  int leave(Survivors survivors, long firstSlot) throws IOException {
    if (sample < 0) {
      manySurvive = (long) survivors.size * slots > (long) MANY * blocks * seen;
      return seen;
    }
    manySurvive = survivors.size > MANY * blocks;
    int met = inSample;
    int kept = 0;
    for (int i = 0; i < survivors.size; i++) {
      int position = survivors.positions[i];
      boolean isTested = position / CodeBlocks.BLOCK == sample;
      if (isTested || accepted.get(lists.ordinal(firstSlot + position))) {
        survivors.positions[kept] = position;
        survivors.distances[kept++] = survivors.distances[i];
        met += isTested ? 0 : 1;
      }
    }
    survivors.size = kept;
    return met;
  }

  /** The bits {@code from} to {@code to - 1} of a word, as far as it has them. */
  private static long within(int from, int to) {
    int first = Math.max(0, from);
    int end = Math.min(CodeBlocks.BLOCK, to);
    return first >= end ? 0 : -1L >>> CodeBlocks.BLOCK - (end - first) << first;
  }
}
