// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.util.List;

/**
 * What is in a store.
 *
 * @param dims dimension of all frames
 * @param frames number of frames
 * @param bytes size of its files
 * @param speakers by name
 * @param segments in the order of the index
 */
public record StoreInfo(
    int dims, long frames, long bytes, List<Speaker> speakers, List<Segment> segments) {

  /**
   * A speaker's share.
   *
   * @param name the speaker's name
   * @param clips number of clips
   * @param frames number of frames
   */
  public record Speaker(String name, int clips, long frames) {}

  /**
   * A segment of the index, and the defaults of a query there.
   *
   * @param name Lucene's name of it
   * @param frames number of frames
   * @param requestedNlist number of lists asked for; 0 if the segment chose
   * @param nlist number of lists; 0 if the segment is small and scanned exactly
   * @param M number of sub-quantizers; 0 if scanned exactly
   * @param nprobe lists scanned by default; 0 if scanned exactly
   * @param kFactor candidates scored exactly by default, as a multiple of k; 0 if scanned exactly
   */
  public record Segment(
      String name, int frames, int requestedNlist, int nlist, int M, int nprobe, float kFactor) {}
}
