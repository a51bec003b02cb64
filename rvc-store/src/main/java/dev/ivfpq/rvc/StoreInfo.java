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
   * A segment of the index.
   *
   * @param name Lucene's name of it
   * @param frames number of frames
   */
  public record Segment(String name, int frames) {}
}
