// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.time.Instant;
import java.util.Optional;

/**
 * What a store knows of one speaker's voice.
 *
 * @param speaker whose voice it is
 * @param dims dimension of all its frames
 * @param embedder the network that made them, such as {@code contentvec}, if it was told; frames of
 *     different networks have nothing in common, and their dimensions do not tell
 * @param source where the frames last added came from, as the user named it
 * @param date when that was, to the second
 */
public record VoiceRecord(
    String speaker, int dims, Optional<String> embedder, String source, Instant date) {

  /** The version of RVC that takes such frames, as RVC calls it; empty if none does. */
  public Optional<String> version() {
    return switch (dims) {
      case 256 -> Optional.of("v1");
      case 768 -> Optional.of("v2");
      default -> Optional.empty();
    };
  }

  /** Whether frames of an embedder may be compared with these: it is the same, or one unknown. */
  boolean fits(Optional<String> other) {
    return embedder.isEmpty() || other.isEmpty() || embedder.equals(other);
  }

  /** For messages: {@code "anna" (768 dims, v2, contentvec)}. */
  String description() {
    return "\""
        + speaker
        + "\" ("
        + dims
        + " dims"
        + version().map(v -> ", " + v).orElse("")
        + embedder.map(e -> ", " + e).orElse("")
        + ")";
  }
}
