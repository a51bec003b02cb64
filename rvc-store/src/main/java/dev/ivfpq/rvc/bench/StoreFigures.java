// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.bench;

/**
 * What a benchmark found, all on one thread.
 *
 * @param speaker whose voice clips were converted to
 * @param dims dimension of the frames
 * @param clips number of clips that were converted
 * @param frames their frames
 * @param heldOut whether they are the voice's own, each held out while its frames asked
 * @param k neighbours a frame
 * @param block frames of a block
 * @param blocks timed in a round
 * @param rounds medians are over
 * @param blockMedianMicros to convert a block of a stream, search and blend: the median
 * @param blockP99Micros 99 of 100 blocks took no longer
 * @param clipMicros to convert a frame of a whole clip
 * @param recall share of the k true neighbours that were found
 * @param recallFrames of how many frames the neighbours were looked up for that
 * @param residentBytes memory of the process that is no file's, when all was timed; null where the
 *     system does not tell (it is Linux that does)
 * @param heapLimitBytes what the heap, which is part of it, may grow to
 */
public record StoreFigures(
    String speaker,
    int dims,
    int clips,
    int frames,
    boolean heldOut,
    int k,
    int block,
    int blocks,
    int rounds,
    double blockMedianMicros,
    double blockP99Micros,
    double clipMicros,
    double recall,
    int recallFrames,
    Long residentBytes,
    long heapLimitBytes) {}
