// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.kernel.Survivors;
import dev.ivfpq.spec.Effort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The lists of all segments of a snapshot that share a model, searched as if the segments had been
 * merged: queries are prepared once, each list is the vectors that any segment has in it, and a
 * filter is answered the way that is the cheapest for all segments together.
 */
final class SharedLists {
  /** Slots are told apart by 32 bits. */
  private static final long MOST_SLOTS = 1L << 32;

  /**
   * So many times as many candidates at most as one segment would re-rank. A model that was trained
   * for one segment tells the vectors of others apart less well: 1M x 256 in ten segments has
   * recall@10 .981 so, .960 without, and 145 rows are scored instead of 96.
   */
  private static final int MORE_CANDIDATES = 4;

  private final List<SnapshotSegment> segments = new ArrayList<>();
  private long slots;
  private int size;
  private int acceptedCount;
  private boolean isFiltered;

  private List<float[]> targets;

  /** Null for each query that all accepted vectors are scored for. */
  private PreparedQuery[] queries;

  private Effort effort;

  /** Accepted vectors to see. */
  private long wanted;

  /** How queries are answered; those that are not prepared, by all accepted vectors. */
  private FilterCost.Way way;

  SharedLists(SnapshotSegment segment) throws IOException {
    add(segment);
  }

  /** Takes a segment if it shares the model; returns whether it does. */
  boolean take(SnapshotSegment segment) throws IOException {
    boolean fits = segments.get(0).sharesModel(segment) && slots + segment.slots() <= MOST_SLOTS;
    if (fits) {
      add(segment);
    }
    return fits;
  }

  private void add(SnapshotSegment segment) throws IOException {
    segments.add(segment);
    slots += segment.slots();
    size += segment.meta().n();
    acceptedCount += segment.vectors().acceptedCount();
    isFiltered |= segment.vectors().isFiltered();
  }

  /** Chooses the way of searching; transforms the queries, ranks the lists, makes the tables. */
  void prepare(List<float[]> newTargets, SearchSettings settings, int k) throws IOException {
    targets = newTargets;
    effort = effort(settings, k);
    wanted = k;
    way = FilterCost.Way.WALKED;
    int nprobe = effort.nprobe();
    if (k >= size || isFiltered && FilterCost.isFew(acceptedCount, k)) {
      way = FilterCost.Way.ALL;
    } else if (isFiltered && settings.nprobe() == 0) {
      FilterCost cost =
          FilterCost.of(largest(), size, acceptedCount, span(), effort, k, targets.size());
      wanted = cost.wanted();
      way = cost.cheapest(k);
      nprobe = way == FilterCost.Way.WALKED ? nprobe : cost.ranked();
    }
    queries =
        way == FilterCost.Way.ALL
            ? new PreparedQuery[targets.size()]
            : segments.get(0).vectors().model().compute(targets, nprobe);
  }

  private int span() throws IOException {
    int span = 0;
    for (SnapshotSegment segment : segments) {
      span += segment.vectors().span();
    }
    return span;
  }

  private Effort effort(SearchSettings settings, int k) {
    Effort own = settings.effort(largest().lists().tuning(), k);
    return segments.size() == 1 || settings.kFactor() > 0
        ? own
        : own.withKFactor(MORE_CANDIDATES * own.kFactor());
  }

  /** Whether lists are walked for a query. */
  boolean walks(int query) {
    return queries[query] != null && way == FilterCost.Way.WALKED;
  }

  /** What a query would walk here if there was no other model. */
  VisitingBudget.Share share(int query) {
    long listSize = Math.max(1, size / meta().lists().nlist());
    return new VisitingBudget.Share(queries[query].order(), effort, listSize);
  }

  /** Scores accepted vectors row by row: all, or those in the nearest lists. */
  void score(int query, SnapshotCollector collector) throws IOException {
    List<GroupedSearch.Part> parts = new ArrayList<>(segments.size());
    for (SnapshotSegment segment : segments) {
      ExactScorer exact = segment.exact(targets.get(query), collector);
      if (queries[query] != null) {
        parts.add(new GroupedSearch.Part(segment.vectors().byList(way), exact));
      } else if (segment.vectors().isFiltered()) {
        exact.scoreAll(segment.vectors().ordinals());
      } else {
        exact.scoreAll();
      }
    }
    if (!parts.isEmpty()) {
      new GroupedSearch(parts, queries[query].order(), meta().metric(), collector)
          .search(wanted, effort);
    }
  }

  /** Walks the lists and re-ranks candidates, as far as the effort goes. */
  void walk(int query, Effort shared, SnapshotCollector collector) throws IOException {
    PreparedQuery prepared = queries[query];
    Survivors scratch = ListWalk.scratch();
    List<ListWalk> walks = new ArrayList<>(segments.size());
    long[] firstSlots = new long[segments.size()];
    int[] firstOrdinals = new int[segments.size() + 1];
    long slot = 0;
    for (int i = 0; i < segments.size(); i++) {
      SnapshotSegment segment = segments.get(i);
      walks.add(segment.vectors().walk(prepared, collector, scratch));
      firstSlots[i] = slot;
      slot += segment.slots();
      firstOrdinals[i + 1] = firstOrdinals[i] + segment.meta().n();
    }
    Walk walk = new SharedWalk(walks, firstSlots, prepared.order(), collector);
    Rows rows = new SharedRows(segments, firstSlots, firstOrdinals, targets.get(query), collector);
    new NearestSearch(meta(), walk, rows, collector).search(shared, wanted);
  }

  private FieldMeta meta() {
    return segments.get(0).meta();
  }

  private FieldMeta largest() {
    FieldMeta largest = meta();
    for (SnapshotSegment segment : segments) {
      largest = segment.meta().n() > largest.n() ? segment.meta() : largest;
    }
    return largest;
  }
}
