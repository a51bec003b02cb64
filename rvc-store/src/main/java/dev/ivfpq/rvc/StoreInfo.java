// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.util.List;

/**
 * What is in a store.
 *
 * @param frames number of frames
 * @param bytes size of its files
 * @param speakers by name
 * @param segments in the order of the index; one that has frames of several dimensions is listed
 *     for each
 */
public record StoreInfo(long frames, long bytes, List<Speaker> speakers, List<Segment> segments) {

  /**
   * A speaker's share.
   *
   * @param voice what is known of the voice
   * @param clips number of clips
   * @param muted the names of those whose frames are not found
   * @param frames number of frames
   */
  public record Speaker(VoiceRecord voice, int clips, List<String> muted, long frames) {
    /** Length of the voice in seconds. */
    public double seconds() {
      return frames / Neighbour.RATE;
    }
  }

  /**
   * A segment of the index, and the defaults of a query there.
   *
   * @param name Lucene's name of it
   * @param dims dimension of its frames
   * @param frames number of frames, replaced and removed ones included
   * @param requestedNlist number of lists asked for; 0 if the segment chose
   * @param nlist number of lists; 0 if the segment is small and scanned exactly
   * @param M number of sub-quantizers; 0 if scanned exactly
   * @param nprobe lists scanned by default; 0 if scanned exactly
   * @param kFactor candidates scored exactly by default, as a multiple of k; 0 if scanned exactly
   */
  public record Segment(
      String name,
      int dims,
      int frames,
      int requestedNlist,
      int nlist,
      int M,
      int nprobe,
      float kFactor) {}
}
