// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.IvfPqListStats;

/**
 * The lists of one segment.
 *
 * @param segment Lucene's name of it
 * @param dims dimension of the frames
 * @param lists their sizes
 */
public record ListBalance(String segment, int dims, IvfPqListStats lists) {}
