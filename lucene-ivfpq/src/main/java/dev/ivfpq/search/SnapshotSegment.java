// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.kernel.CodeBlocks;
import java.io.IOException;
import java.util.Arrays;

/**
 * The vectors of a field with lists in one segment of a snapshot.
 *
 * @param docBase where the segment's documents start
 */
record SnapshotSegment(SegmentVectors vectors, int docBase) {

  FieldMeta meta() {
    return vectors.meta();
  }

  /** Slots of all blocks. */
  long slots() {
    return (long) meta().lists().blocks() * CodeBlocks.BLOCK;
  }

  /** Whether queries are prepared, and candidates treated, as in another segment. */
  boolean sharesModel(SnapshotSegment other) {
    FieldMeta.Lists own = meta().lists();
    FieldMeta.Lists others = other.meta().lists();
    return Arrays.equals(own.fingerprint(), others.fingerprint())
        && meta().similarity() == other.meta().similarity()
        && own.residual() == others.residual()
        && own.rerank() == others.rerank();
  }

  /** Scores accepted vectors for a query of the snapshot. */
  ExactScorer exact(float[] target, SnapshotCollector collector) throws IOException {
    return vectors.exact(target, collector.ofSegment(docBase));
  }
}
