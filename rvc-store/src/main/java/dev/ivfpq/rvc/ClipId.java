// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import org.apache.lucene.index.Term;

/**
 * One clip of a store.
 *
 * @param speaker whose it is
 * @param clip its name
 */
public record ClipId(String speaker, String clip) implements Comparable<ClipId> {
  Term term() {
    return StoreLayout.clipTerm(speaker, clip);
  }

  @Override
  public int compareTo(ClipId other) {
    int bySpeaker = speaker.compareTo(other.speaker);
    return bySpeaker != 0 ? bySpeaker : clip.compareTo(other.clip);
  }
}
