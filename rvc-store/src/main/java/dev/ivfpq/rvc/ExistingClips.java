// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

/** What becomes of clips that their speaker already has, under the same names or at all. */
public enum ExistingClips {
  /** Nothing is added at all, and a sentence says why. */
  REFUSE,
  /** The frames in the store give way to the file's, in the same commit. */
  REPLACE,
  /** All clips that the speaker has give way, whatever their names, in the same commit. */
  REPLACE_ALL
}
