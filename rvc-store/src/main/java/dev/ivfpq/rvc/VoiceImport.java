// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is imported at once: what there is of a voice, or of several that were recorded together.
 *
 * @param path a folder of clips, RVC's {@code logs/<experiment>}, a zip archive, a {@code .npy}
 *     matrix or a faiss index; in a folder or an archive the clips are taken if they are there,
 *     else {@code total_fea.npy}, else the index
 * @param speakers what they are to be called
 * @param embedder as in {@link Voice}
 */
public record VoiceImport(Path path, SpeakerNames speakers, Optional<String> embedder) {
  /** Checks the embedder's name. */
  public VoiceImport {
    embedder.ifPresent(Voice::checkEmbedder);
  }

  /** A voice whose embedder is not known. */
  public VoiceImport(Path path, SpeakerNames speakers) {
    this(path, speakers, Optional.empty());
  }
}
