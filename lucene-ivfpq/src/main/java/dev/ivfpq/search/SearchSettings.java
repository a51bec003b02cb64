// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

/**
 * What one query asks of each segment.
 *
 * @param nprobe lists to scan; 0 takes the segment's own default
 * @param kFactor candidates to re-rank per hit; 0 takes the segment's own default
 */
public record SearchSettings(int nprobe, float kFactor) {}
