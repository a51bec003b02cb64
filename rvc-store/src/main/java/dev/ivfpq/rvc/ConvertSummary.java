// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

/**
 * What a conversion did.
 *
 * @param frames number of frames written, as many as the query had
 * @param dims their dimension
 * @param unanswered how many of them found no neighbour and stayed as they were
 */
public record ConvertSummary(int frames, int dims, int unanswered) {}
