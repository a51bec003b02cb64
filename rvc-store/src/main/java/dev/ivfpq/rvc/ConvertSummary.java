// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

/**
 * What a conversion did.
 *
 * @param frames number of frames of the query
 * @param dims their dimension
 * @param unanswered how many of them found no neighbour and stayed as they were
 * @param rows that were written: as many as frames, or as pitches if there were two a frame
 */
public record ConvertSummary(int frames, int dims, int unanswered, int rows) {}
