// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.nio.file.Path;

/**
 * What is imported at once: the faiss index of one speaker.
 *
 * @param speaker as in {@link Voice}
 * @param index a file that faiss wrote
 */
public record IndexedVoice(String speaker, Path index) {
  /** Checks the name. */
  public IndexedVoice {
    Voice.checkSpeaker(speaker);
  }
}
