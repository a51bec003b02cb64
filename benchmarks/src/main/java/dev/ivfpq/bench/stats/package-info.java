// SPDX-License-Identifier: Apache-2.0

/**
 * What makes a set of vectors easy or hard to search: how many dims its variance fills, and how
 * much nearer the nearest neighbours are than others. {@link dev.ivfpq.bench.stats.SetStatistics}
 * measures all.
 */
package dev.ivfpq.bench.stats;
