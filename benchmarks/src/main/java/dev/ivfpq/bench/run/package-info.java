// SPDX-License-Identifier: Apache-2.0

/**
 * The comparison: indexes of all systems over the same vectors, each system's best setting for each
 * recall, and their times in interleaved rounds. {@link dev.ivfpq.bench.run.Comparison} names the
 * steps in order.
 */
package dev.ivfpq.bench.run;
