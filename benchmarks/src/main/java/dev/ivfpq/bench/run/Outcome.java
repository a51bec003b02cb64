// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import java.util.List;

/**
 * What a comparison found.
 *
 * @param rows one per number of segments, system and target, and one for defaults
 * @param batches the direct call with many queries, for rows of inverted lists
 * @param builds one per index
 * @param points one per setting tried
 */
public record Outcome(
    List<Row> rows, List<Batch> batches, List<Build> builds, List<Point> points) {}
