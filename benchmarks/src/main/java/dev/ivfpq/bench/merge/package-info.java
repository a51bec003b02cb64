// SPDX-License-Identifier: Apache-2.0

/**
 * What segments cost: writing and merging them, searching many of them, and searching while they
 * are written. {@link dev.ivfpq.bench.merge.MergeComparison} names the parts in order.
 */
package dev.ivfpq.bench.merge;
