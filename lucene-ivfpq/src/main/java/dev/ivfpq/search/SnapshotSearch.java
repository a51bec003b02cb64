// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.spec.Effort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.KnnCollector;

/**
 * Searches a field in all segments of a snapshot at once, for one thread.
 *
 * <ol>
 *   <li>What is scored row by row, few accepted vectors or segments without lists, comes first: it
 *       tells what need not be scored in the others.
 *   <li>Segments that share a model are searched as if they were merged ({@link SharedLists}).
 *   <li>Models share what may be visited, by where the nearest lists are ({@link VisitingBudget});
 *       the one with the nearest list comes first.
 * </ol>
 */
public final class SnapshotSearch {
  private final String field;
  private final List<Segment> segments;

  /**
   * A segment of this format that has the field.
   *
   * @param docBase where its documents start
   * @param accepted documents to be searched
   */
  public record Segment(IvfPqVectorsReader reader, int docBase, AcceptDocs accepted) {}

  public SnapshotSearch(String field, List<Segment> segments) {
    this.field = field;
    this.segments = segments;
  }

  /**
   * Searches for queries, each of which gets the hits that it would get alone.
   *
   * @param targets at most {@value IvfPqVectorsReader#MOST_TOGETHER}
   * @param collectors one for each target, all of the same k and strategy
   * @throws IllegalArgumentException if a target has another dimension than the field, or is not
   *     finite
   */
  public void search(List<float[]> targets, List<SnapshotCollector> collectors) throws IOException {
    if (segments.isEmpty() || targets.isEmpty()) {
      return;
    }
    try {
      searchTogether(targets, collectors);
    } catch (IOException | RuntimeException e) {
      for (Segment segment : segments) {
        segment.reader.failClosed(e);
      }
      throw e;
    }
  }

  private void searchTogether(List<float[]> targets, List<SnapshotCollector> collectors)
      throws IOException {
    SearchSettings settings = segments.get(0).reader.settings(collectors.get(0));
    List<SharedLists> models = new ArrayList<>();
    for (Segment segment : segments) {
      FieldMeta meta = segment.reader.check(field, targets);
      if (meta.n() == 0 || segment.accepted.bits() != null && segment.accepted.cost() == 0) {
        continue;
      }
      SegmentVectors vectors = segment.reader.vectors(field, segment.accepted);
      if (meta.lists() != null) {
        add(models, new SnapshotSegment(vectors, segment.docBase));
      } else {
        List<KnnCollector> own = new ArrayList<>(collectors.size());
        for (SnapshotCollector collector : collectors) {
          own.add(collector.ofSegment(segment.docBase));
        }
        new FieldSearcher(vectors).search(targets, settings, own);
      }
    }
    for (SharedLists model : models) {
      model.prepare(targets, settings, collectors.get(0).k());
    }
    for (int i = 0; i < targets.size(); i++) {
      search(models, i, collectors.get(i));
    }
  }

  private static void add(List<SharedLists> models, SnapshotSegment segment) throws IOException {
    for (SharedLists model : models) {
      if (model.take(segment)) {
        return;
      }
    }
    models.add(new SharedLists(segment));
  }

  /** Searches for one of the prepared queries. */
  private static void search(List<SharedLists> models, int query, SnapshotCollector collector)
      throws IOException {
    List<VisitingBudget.Share> shares = new ArrayList<>(models.size());
    List<SharedLists> walked = new ArrayList<>(models.size());
    for (SharedLists model : models) {
      if (model.walks(query)) {
        walked.add(model);
        shares.add(model.share(query));
      } else {
        model.score(query, collector);
      }
    }
    List<Effort> efforts = VisitingBudget.spread(shares);
    for (int m : nearestFirst(shares)) {
      walked.get(m).walk(query, efforts.get(m), collector);
    }
  }

  private static int[] nearestFirst(List<VisitingBudget.Share> shares) throws IOException {
    long[] keys = new long[shares.size()];
    for (int m = 0; m < keys.length; m++) {
      keys[m] = DistanceKey.of(shares.get(m).order().distance(0), m);
    }
    Arrays.sort(keys);
    return Arrays.stream(keys).mapToInt(DistanceKey::id).toArray();
  }
}
