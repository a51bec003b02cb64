// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.search.IvfPqVectorsReader;
import java.util.Optional;
import org.apache.lucene.index.LeafReader;

/**
 * What one segment built for one field.
 *
 * @param size number of vectors, deleted ones included
 * @param dims of a raw vector
 * @param factory the factory string asked for; empty for the default
 * @param requestedNlist number of lists asked for; 0 if the segment chose
 * @param nlist number of lists; 0 if the segment is scanned exactly
 * @param M number of sub-quantizers; 0 without codes
 * @param nprobe lists a query scans by default; a hard one goes on
 * @param kFactor most candidates it re-ranks per hit by default
 */
public record IvfPqFieldStats(
    int size,
    int dims,
    String factory,
    int requestedNlist,
    int nlist,
    int M,
    int nprobe,
    float kFactor) {

  /** The stats of {@code field}; empty if the segment holds no such field of this format. */
  public static Optional<IvfPqFieldStats> of(LeafReader leaf, String field) {
    IvfPqVectorsReader ours = LeafVectors.of(leaf, field);
    if (ours == null) {
      return Optional.empty();
    }
    FieldMeta meta = ours.meta(field);
    FieldMeta.Lists lists = meta.lists();
    return Optional.of(
        lists == null
            ? new IvfPqFieldStats(meta.n(), meta.d(), "", 0, 0, 0, 0, 0)
            : new IvfPqFieldStats(
                meta.n(),
                meta.d(),
                lists.factory(),
                lists.requestedNlist(),
                lists.nlist(),
                lists.M(),
                lists.tuning().at95().nprobe(),
                lists.tuning().at95().kFactor()));
  }
}
