// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a reduction does to a voice.
 *
 * @param speaker whose voice it is
 * @param dims of the frames
 * @param framesBefore number of frames, without those of muted clips
 * @param framesAfter number of them that stay
 * @param clipsLost number of clips of which no frame stays
 * @param change what held-out frames notice
 * @param recallBefore share of the true neighbours that a search finds that sets nothing
 * @param recallAfter the same of the reduced voice; empty if it was not written
 * @param storeBytesBefore size of the store's files
 * @param storeBytesAfter the same of the reduced store; empty if it was not written
 */
public record Thinning(
    String speaker,
    int dims,
    int framesBefore,
    int framesAfter,
    int clipsLost,
    Change change,
    double recallBefore,
    OptionalDouble recallAfter,
    long storeBytesBefore,
    OptionalLong storeBytesAfter) {

  /**
   * What comes of exact searches before and after.
   *
   * @param frames number of frames searched with
   * @param holdOut what they could not find
   * @param blend mean of |after - before| / |before|, of the neighbours' weighted sum
   * @param nearest by which share the mean squared distance to the nearest neighbour grows
   * @param neighboursKept share of the neighbours before that are still there
   */
  public record Change(
      int frames, HoldOut holdOut, double blend, double nearest, double neighboursKept) {}

  Thinning written(double recallAfter, long storeBytesAfter) {
    return new Thinning(
        speaker,
        dims,
        framesBefore,
        framesAfter,
        clipsLost,
        change,
        recallBefore,
        OptionalDouble.of(recallAfter),
        storeBytesBefore,
        OptionalLong.of(storeBytesAfter));
  }
}
