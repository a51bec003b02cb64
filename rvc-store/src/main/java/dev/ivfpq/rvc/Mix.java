// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much of each speaker's voice a result has. A frame's neighbours are looked up for each
 * speaker by itself and the blends are added, so that the nearer speaker does not win every frame.
 *
 * @param shares by speaker, at least one of them; above 0, of any sum
 */
public record Mix(Map<String, Double> shares) {
  /** Checks the shares. */
  public Mix {
    shares = Collections.unmodifiableMap(new LinkedHashMap<>(shares));
    if (shares.isEmpty()) {
      throw new IllegalArgumentException("a mix has at least one speaker");
    }
    shares.forEach(
        (speaker, share) -> {
          if (!(share > 0 && share <= 1e6)) {
            throw new IllegalArgumentException(
                "a speaker's share in a mix must be in (0, 1e6], got " + speaker + "=" + share);
          }
        });
  }

  /** All of one speaker. */
  public static Mix of(String speaker) {
    return new Mix(Map.of(speaker, 1.0));
  }

  /** The speakers in the order given. */
  public List<String> speakers() {
    return List.copyOf(shares.keySet());
  }
}
