// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

/**
 * What an add did.
 *
 * @param speaker whose clips they are
 * @param clips number of clips written
 * @param replaced number of clips that gave way to them
 * @param frames number of frames written
 * @param dims dimension of the frames
 * @param storeFrames number of frames in the store now
 */
public record AddSummary(
    String speaker, int clips, int replaced, long frames, int dims, long storeFrames) {}
