// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

/** What becomes of files that are where others are to be written. */
public enum ExistingFiles {
  /** Nothing is written at all, and a sentence says why. */
  REFUSE,
  /** They give way when the new ones are whole. */
  REPLACE
}
