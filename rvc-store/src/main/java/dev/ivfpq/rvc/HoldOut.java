// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

/** What frames that measure a search may not find, since it would flatter the result. */
public enum HoldOut {
  /** They are of clips that were given, not of the store: they may find all. */
  GIVEN_CLIPS,
  /** Frames of the store, which do not find those of their own clip. */
  OWN_CLIP,
  /** Frames of a clip that is more than half of what is searched: they do not find themselves. */
  OWN_FRAME
}
