// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.disk.ListsReader;
import dev.ivfpq.kernel.Survivors;
import dev.ivfpq.spec.Effort;
import java.io.IOException;
import java.util.List;
import org.apache.lucene.search.KnnCollector;

/**
 * Searches one field of one segment, the ways of doing so being: score all accepted vectors, find
 * the nearest ({@link NearestSearch}), find those above a score ({@link RangeSearch}).
 *
 * <p>Many queries are prepared together and searched one after the other. Each gets the hits, to
 * the bit, that it would get alone.
 */
final class FieldSearcher {
  private final SegmentVectors vectors;
  private final FieldMeta meta;

  FieldSearcher(SegmentVectors vectors) {
    this.vectors = vectors;
    this.meta = vectors.meta();
  }

  /**
   * Searches.
   *
   * @param collectors one for each target, all of the same k
   */
  void search(
      List<float[]> targets, SearchSettings settings, List<? extends KnnCollector> collectors)
      throws IOException {
    int k = collectors.get(0).k();
    if (vectors.isFiltered() && FilterCost.isFew(vectors.acceptedCount(), k)) {
      scoreAccepted(targets, collectors);
      return;
    }
    if (meta.lists() == null || k >= meta.n()) {
      scoreAll(targets, collectors);
      return;
    }
    Effort effort = settings.effort(meta.lists().tuning(), k);
    if (!vectors.isFiltered() || settings.nprobe() > 0) {
      searchTogether(targets, effort, k, collectors);
      return;
    }
    // Where a filter or deletes leave few vectors, lists hold few accepted ones each: those of the
    // default number of lists could not be enough.
    FilterCost cost =
        FilterCost.of(
            meta, meta.n(), vectors.acceptedCount(), vectors.span(), effort, k, targets.size());
    FilterCost.Way way = cost.cheapest(k);
    switch (way) {
      case ALL -> scoreAccepted(targets, collectors);
      case GROUPED, LISTED -> scoreNearest(targets, way, cost, effort, collectors);
      case WALKED -> searchTogether(targets, effort, cost.wanted(), collectors);
    }
  }

  private void scoreAccepted(List<float[]> targets, List<? extends KnnCollector> collectors)
      throws IOException {
    for (int i = 0; i < targets.size(); i++) {
      vectors.exact(targets.get(i), collectors.get(i)).scoreAll(vectors.ordinals());
    }
  }

  /** The same, going through all vectors. */
  private void scoreAll(List<float[]> targets, List<? extends KnnCollector> collectors)
      throws IOException {
    for (int i = 0; i < targets.size(); i++) {
      vectors.exact(targets.get(i), collectors.get(i)).scoreAll();
    }
  }

  /** Scores the accepted vectors in the nearest lists. */
  private void scoreNearest(
      List<float[]> targets,
      FilterCost.Way way,
      FilterCost cost,
      Effort effort,
      List<? extends KnnCollector> collectors)
      throws IOException {
    PreparedQuery[] queries = vectors.model().prepare(targets, cost.ranked());
    for (int i = 0; i < queries.length; i++) {
      ExactScorer exact = vectors.exact(targets.get(i), collectors.get(i));
      if (queries[i] == null) {
        exact.scoreAll(vectors.ordinals());
      } else {
        GroupedSearch.Part part = new GroupedSearch.Part(vectors.byList(way), exact);
        new GroupedSearch(List.of(part), queries[i].order(), meta.metric(), collectors.get(i))
            .search(cost.wanted(), effort);
      }
    }
  }

  private void searchTogether(
      List<float[]> targets, Effort effort, long wanted, List<? extends KnnCollector> collectors)
      throws IOException {
    PreparedQuery[] queries = vectors.model().prepare(targets, effort.nprobe());
    ListsReader lists = vectors.lists();
    Survivors scratch = ListWalk.scratch();
    for (int i = 0; i < queries.length; i++) {
      KnnCollector collector = collectors.get(i);
      ExactScorer exact = vectors.exact(targets.get(i), collector);
      if (queries[i] == null) {
        exact.scoreAll();
        continue;
      }
      ListWalk walk = vectors.walk(queries[i], collector, scratch);
      if (RangeSearch.isRange(collector)) {
        new RangeSearch(meta, lists, walk, exact, collector, new int[0]).search(effort.nprobe());
      } else {
        Rows rows = new SegmentRows(meta.n(), lists, exact);
        int[] scored = new NearestSearch(meta, walk, rows, collector).search(effort, wanted);
        if (scored != null) {
          walk.restart();
          new RangeSearch(meta, lists, walk, exact, collector, scored).search(effort.nprobe());
        }
      }
    }
  }
}
