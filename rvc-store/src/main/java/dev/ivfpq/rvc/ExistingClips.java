// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

/** What becomes of a clip that its speaker already has under the same name. */
public enum ExistingClips {
  /** Nothing is added at all, and a sentence says why. */
  REFUSE,
  /** The frames in the store give way to the file's, in the same commit. */
  REPLACE
}
