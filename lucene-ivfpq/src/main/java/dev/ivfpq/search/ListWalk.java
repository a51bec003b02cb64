// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.disk.ListDirectory;
import dev.ivfpq.disk.ListsReader;
import dev.ivfpq.kernel.BlockScanner;
import dev.ivfpq.kernel.CodeBlocks;
import dev.ivfpq.kernel.Kernels;
import dev.ivfpq.kernel.Survivors;
import java.io.IOException;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.search.knn.KnnSearchStrategy;

/**
 * Visits a field's lists nearest first and offers their accepted vectors to a sink. Counts each
 * accepted vector it meets as visited once, and never more of them than the collector's limit
 * leaves. Where {@link RunFilter} tests survivors alone, it meets those and a sample.
 */
final class ListWalk implements Walk {
  /** Blocks a scan is handed at once: between two calls the collector may stop the search. */
  private static final int RUN = 8;

  private final ListsReader lists;
  private final PreparedQuery query;
  private final AcceptedOrdinals accepted;
  private final RunFilter filter;
  private final KnnCollector collector;
  private final ListOrder order;
  private final BlockScanner scanner;
  private final Survivors survivors;
  private int next;

  private ListDirectory.Entry nextEntry;

  /** Lists before this position of the order have had their vectors counted as visited. */
  private int counted;

  /**
   * @param accepted ordinals, or null for all
   * @param scratch {@link #scratch}, which walks that take turns may share
   */
  ListWalk(
      FieldMeta meta,
      ListsReader lists,
      PreparedQuery query,
      AcceptedOrdinals accepted,
      KnnCollector collector,
      Survivors scratch)
      throws IOException {
    this.lists = lists;
    this.query = query;
    this.accepted = accepted;
    this.collector = collector;
    // A limit that all accepted vectors together do not reach needs no exact count of them.
    boolean isLimited =
        accepted != null && collector.visitLimit() - collector.visitedCount() < accepted.count();
    boolean maySample = query.lut() != null && !isLimited;
    this.filter = new RunFilter(accepted, lists, RUN, maySample);
    this.survivors = scratch;
    this.order = query.order();
    this.scanner =
        query.lut() == null
            ? null
            : Kernels.fastScan()
                .scanner(
                    lists.blocks(), meta.lists().M(), query.lut().table(), query.lut().scale());
    findNext();
  }

  /** Room for what a walk works with. */
  static Survivors scratch() {
    return new Survivors(RUN * CodeBlocks.BLOCK);
  }

  @Override
  public void restart() throws IOException {
    next = 0;
    findNext();
  }

  @Override
  public boolean hasNext() {
    return next < order.size();
  }

  @Override
  public float distance() throws IOException {
    return order.distance(next);
  }

  /** The place in the order of the list that is scanned next, or the number of lists. */
  int place() {
    return next;
  }

  /** The list that is scanned next. */
  ListDirectory.Entry nextEntry() {
    return nextEntry;
  }

  @Override
  public int scanNext(CandidateSink sink) throws IOException {
    KnnSearchStrategy strategy = collector.getSearchStrategy();
    if (strategy != null) {
      strategy.nextVectorsBlock();
    }
    ListDirectory.Entry entry = nextEntry;
    int from = accepted == null ? 0 : accepted.from(lists, entry);
    int to = accepted == null ? entry.size() : accepted.to(lists, entry);
    int firstBlock = from / CodeBlocks.BLOCK;
    int endBlock = (to + CodeBlocks.BLOCK - 1) / CodeBlocks.BLOCK;
    int seen = 0;
    for (int block = firstBlock; block < endBlock; block += RUN) {
      if (block > firstBlock && collector.earlyTerminated()) {
        break;
      }
      seen += scanRun(entry, block, Math.min(RUN, endBlock - block), from, to, sink);
    }
    next++;
    counted = Math.max(counted, next);
    findNext();
    return seen;
  }

  private void findNext() throws IOException {
    while (next < order.size()) {
      nextEntry = lists.directory().entry(order.list(next));
      if (nextEntry.size() > 0) {
        return;
      }
      next++;
    }
  }

  /** Scans blocks of a list whose accepted vectors lie at positions {@code from} to {@code to}. */
  private int scanRun(
      ListDirectory.Entry entry, int block, int count, int from, int to, CandidateSink sink)
      throws IOException {
    int size = Math.min(count * CodeBlocks.BLOCK, entry.size() - block * CodeBlocks.BLOCK);
    long firstSlot = (long) (entry.firstBlock() + block) * CodeBlocks.BLOCK;
    boolean isCounted = next < counted;
    long left = isCounted ? size : collector.visitLimit() - collector.visitedCount();
    boolean everySlot = accepted == null && left >= size;
    int seen = everySlot ? size : filter.enter(entry, block, count, from, to, left, next);
    survivors.size = 0;
    if (everySlot || !filter.isEmpty()) {
      if (scanner == null) {
        everySlotSurvives(order.distance(next), size, everySlot);
      } else {
        scanner.scan(
            entry.firstBlock() + block,
            count,
            query.base(next),
            sink.threshold(),
            everySlot ? null : filter.words(),
            survivors);
      }
    }
    int met = everySlot ? size : filter.leave(survivors, firstSlot);
    if (!isCounted) {
      collector.incVisitedCount(met);
    }
    sink.accept((int) firstSlot, survivors);
    return seen;
  }

  /** Without codes there is nothing to estimate: every accepted vector is as near as its list. */
  private void everySlotSurvives(float distance, int size, boolean everySlot) {
    for (int position = 0; position < size; position++) {
      if (everySlot || (filter.words()[position / CodeBlocks.BLOCK] >>> position & 1) != 0) {
        survivors.positions[survivors.size] = position;
        survivors.distances[survivors.size++] = distance;
      }
    }
  }
}
