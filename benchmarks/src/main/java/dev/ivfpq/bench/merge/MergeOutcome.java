// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

import java.util.List;

/**
 * What was measured. Lists of parts that were not, or not yet, are empty.
 *
 * @param indexing with default merges
 * @param merging equal segments
 * @param sequence of merges, for this format
 * @param searching one segment and many
 * @param nrt searches while indexing
 */
public record MergeOutcome(
    List<IndexRow> indexing,
    List<MergeRow> merging,
    List<SequenceRow> sequence,
    List<SegmentRow> searching,
    List<NrtRow> nrt) {
  /** Nothing yet. */
  static final MergeOutcome NONE =
      new MergeOutcome(List.of(), List.of(), List.of(), List.of(), List.of());

  MergeOutcome withIndexing(List<IndexRow> rows) {
    return new MergeOutcome(rows, merging, sequence, searching, nrt);
  }

  MergeOutcome withMerging(List<MergeRow> rows) {
    return new MergeOutcome(indexing, rows, sequence, searching, nrt);
  }

  MergeOutcome withSequence(List<SequenceRow> rows) {
    return new MergeOutcome(indexing, merging, rows, searching, nrt);
  }

  MergeOutcome withSearching(List<SegmentRow> rows) {
    return new MergeOutcome(indexing, merging, sequence, rows, nrt);
  }

  MergeOutcome withNrt(List<NrtRow> rows) {
    return new MergeOutcome(indexing, merging, sequence, searching, rows);
  }
}
